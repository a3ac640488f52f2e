import type { PrismaClient } from "@prisma/client";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";

/**
 * Merchants' sessions, in Shopify's own storage. It looks for its table when it is made, twice within ten seconds, and
 * where nobody answers then it refuses every session until the process ends. Our migrations have made the table before
 * anybody sees the database, so that its question needs no answer of the database's: each session asks for itself, and is
 * told `busy` while the database is away.
 */
export function createSessionStorage(prisma: PrismaClient): PrismaSessionStorage<PrismaClient> {
  const withTable = prisma.$extends({ model: { session: { count: async () => 0 } } });
  return new PrismaSessionStorage(withTable as unknown as PrismaClient);
}
