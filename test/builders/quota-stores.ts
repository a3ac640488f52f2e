import type { Firestore } from "@google-cloud/firestore";
import { describe } from "vitest";
import { createFirestoreQuotaStore } from "#app/adapters/firestore/firestore-quota-store.ts";
import { quotasPath } from "#app/adapters/firestore/quota-documents.ts";
import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { describeOnEachDatabase } from "./databases.ts";
import { describeOnFirestore } from "./firestore-databases.ts";
import { createMemoryQuotaStore } from "./memory-quota-store.ts";

/** Everything that quotas are held in, for the one suite that all of it has to pass. */
export type QuotaWorld = {
  store: QuotaStore;
  /** How many entries of the shop lie there, whatever their state. */
  entriesOf(shop: string): Promise<number>;
  /** How many may come at once for it to be a crowd and not a wait. */
  crowd: number;
  close(): Promise<void>;
};

export function describeOnEachQuotaStore(name: string, suite: (open: () => Promise<QuotaWorld>) => void): void {
  describe(`${name} in memory`, () =>
    suite(async () => {
      const { store, all } = createMemoryQuotaStore();
      return { store, entriesOf: async (shop) => all(shop).length, crowd: 200, close: async () => undefined };
    }));
  describeOnEachDatabase(name, (open) =>
    suite(async () => {
      const { prisma, embedded, close } = await open();
      return {
        store: createPrismaQuotaStore(prisma),
        entriesOf: (shop) => prisma.quotaEntry.count({ where: { shop } }),
        crowd: embedded ? 60 : 200,
        close,
      };
    }),
  );
  describeOnFirestore(`${name} on Firestore's emulator`, (server) =>
    suite(async () => {
      const firestore = server.connect();
      return {
        store: createFirestoreQuotaStore(firestore, unhurried),
        entriesOf: async (shop) => (await storedEntries(firestore, shop)).length,
        crowd: 60,
        close: async () => undefined,
      };
    }),
  );
}

/** For tests of what is answered; a slow machine would answer "busy" instead. When it is answered has tests of its own. */
export const unhurried = { timeoutMs: 20_000 };

export type StoredEntry = { requestId: string; state: string };

export async function storedEntries(firestore: Firestore, shop: string): Promise<StoredEntry[]> {
  const { docs } = await firestore.collection(quotasPath(shop)).get();
  return docs.flatMap((document) => document.get("entries") as StoredEntry[]);
}
