import { refuseOddName, refuseOddPrefix } from "#app/adapters/gcs/object-name.ts";
import type { ObjectFacts, ObjectStore, StoredObject } from "#app/gallery/object-store.ts";

/** The port in memory, with a switch for a store that is out of order. */
export function createMemoryObjectStore() {
  const objects = new Map<string, StoredObject>();
  const trouble = { deletes: false };
  const factsOf = ({ contentType, attributes }: ObjectFacts): ObjectFacts => ({ contentType, attributes });
  const store: ObjectStore = {
    async create(name, bytes, facts) {
      refuseOddName(name);
      if (objects.has(name)) return "exists";
      objects.set(name, { bytes, ...factsOf(facts) });
      return "created";
    },
    async read(name) {
      refuseOddName(name);
      return objects.get(name);
    },
    async stat(name) {
      refuseOddName(name);
      const stored = objects.get(name);
      return stored === undefined ? undefined : factsOf(stored);
    },
    keepUntil: async (name) => objects.has(name),
    async delete(name) {
      refuseOddName(name);
      if (trouble.deletes) throw new Error("the store is out of order");
      return objects.delete(name);
    },
    async *list(prefix) {
      refuseOddPrefix(prefix);
      for (const name of [...objects.keys()]) if (name.startsWith(prefix)) yield name;
    },
  };
  const put = (...names: string[]) => {
    for (const name of names)
      objects.set(name, { bytes: Buffer.from(name), contentType: "image/jpeg", attributes: {} });
  };
  return { store: Object.freeze(store), put, trouble, names: () => [...objects.keys()].sort() };
}
