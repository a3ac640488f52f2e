import type { ObjectStore } from "./object-store.ts";

/**
 * The private and the public store as one, for whoever deletes and proves it: a name that goes, goes from both, the public
 * one first, so that nobody can still see what is already half gone. Whoever writes and reads means the private one.
 */
export function joinStores({ masters, previews }: { masters: ObjectStore; previews: ObjectStore }): ObjectStore {
  return Object.freeze({
    create: (name, bytes, facts) => masters.create(name, bytes, facts),
    read: (name) => masters.read(name),
    stat: async (name) => (await masters.stat(name)) ?? previews.stat(name),
    async keepUntil(name, atMs) {
      const shown = await previews.keepUntil(name, atMs);
      return (await masters.keepUntil(name, atMs)) || shown;
    },
    async delete(name) {
      const shown = await previews.delete(name);
      return (await masters.delete(name)) || shown;
    },
    /** A name that is in both comes twice: a second delete finds nothing, and nothing is missed. */
    async *list(prefix) {
      yield* previews.list(prefix);
      yield* masters.list(prefix);
    },
  } satisfies ObjectStore);
}
