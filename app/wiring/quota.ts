import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import type { Config } from "#app/config.server.ts";
import type { Log } from "#app/kernel/log.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";

/** A Firestore that does not answer yet does not stop the start: what is painted can be given, and the rest is "busy". */
export async function openQuota(
  { quotaStore }: Config,
  { database, log }: { database: Database; log: Log },
): Promise<QuotaStore> {
  if (quotaStore.kind === "database") return createPrismaQuotaStore(database.prisma);
  const { createFirestoreQuotaStore } = await import("#app/adapters/firestore/firestore-quota-store.ts");
  const { openFirestore, reachFirestore } = await import("#app/adapters/firestore/open-firestore.ts");
  const { project: projectId, database: databaseId, emulatorHost } = quotaStore;
  const firestore = openFirestore({ projectId, databaseId, ...(emulatorHost === null ? {} : { emulatorHost }) });
  if (!(await reachFirestore(firestore))) log.warn("quota store silent", { projectId, databaseId });
  // Never terminated: an idle client keeps no process alive, and one that is ended in an outage fails loudly.
  return createFirestoreQuotaStore(firestore);
}
