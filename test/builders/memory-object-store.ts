import type { ObjectFacts, ObjectStore, StoredObject } from "#app/gallery/object-store.ts";

/** The port in memory, with a switch for a store that is out of order. */
export function createMemoryObjectStore() {
  const objects = new Map<string, StoredObject>();
  const trouble = { deletes: false };
  const factsOf = ({ contentType, attributes }: StoredObject): ObjectFacts => ({ contentType, attributes });
  const store: ObjectStore = {
    async create(name, bytes, facts) {
      if (objects.has(name)) return "exists";
      objects.set(name, { bytes, ...facts });
      return "created";
    },
    read: async (name) => objects.get(name),
    stat: async (name) => {
      const stored = objects.get(name);
      return stored === undefined ? undefined : factsOf(stored);
    },
    async delete(name) {
      if (trouble.deletes) throw new Error("the store is out of order");
      return objects.delete(name);
    },
    async *list(prefix) {
      for (const name of [...objects.keys()]) if (name.startsWith(prefix)) yield name;
    },
  };
  const put = (...names: string[]) => {
    for (const name of names)
      objects.set(name, { bytes: Buffer.from(name), contentType: "image/jpeg", attributes: {} });
  };
  return { store: Object.freeze(store), put, trouble, names: () => [...objects.keys()].sort() };
}
