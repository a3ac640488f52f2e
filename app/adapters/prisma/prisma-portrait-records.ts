import type { Prisma, PrismaClient } from "@prisma/client";
import type { GivenPicture, PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { orderedPortraits } from "./ordered-portraits.ts";
import { portraitInserts } from "./portrait-inserts.ts";
import { activeStatuses, portraitMoves } from "./portrait-moves.ts";
import { portraitPayers } from "./portrait-payers.ts";
import { fromRow, givenPicture } from "./portrait-row.ts";

export function createPrismaPortraitRecords(prisma: PrismaClient): PortraitRecords {
  const first = async (where: Prisma.PortraitWhereInput): Promise<PortraitRecord | undefined> => {
    const row = await prisma.portrait.findFirst({ where, orderBy: { createdAt: "desc" } });
    return row === null ? undefined : fromRow(row);
  };
  const of = (shop: string, owners: readonly string[]) => ({ shop, shopper: { in: [...owners] } });

  return Object.freeze({
    find: (shop, owners, id) => first({ ...of(shop, owners), id }),
    findReady: (shop, owners, key) => first({ ...of(shop, owners), key, status: "ready", hiddenAt: null }),
    findGiven: (shop, objectName) => findGiven(prisma, shop, objectName),
    findActive: (shop, owners, key) => first({ ...of(shop, owners), key, status: activeStatuses }),
    findByImageToken: (imageToken) => first({ imageToken }),
    async cancelledSince(shop, key, sinceMs) {
      const where = { shop, key, status: "cancelled", finishedAt: { gte: new Date(sinceMs) } };
      const rows = await prisma.portrait.findMany({ where, orderBy: [{ finishedAt: "asc" }, { id: "asc" }] });
      return rows.map(fromRow);
    },
    wasGiven: async (shop, objectName) =>
      (await first({ shop, objectName, status: "ready", cached: false })) !== undefined,
    async list(shop, owners, limit) {
      const where = { ...of(shop, owners), hiddenAt: null, status: { not: "cancelled" } };
      const rows = await prisma.portrait.findMany({
        where,
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(fromRow);
    },
    ...portraitInserts(prisma),
    ...portraitMoves(prisma),
    ...portraitPayers(prisma),
    ...orderedPortraits(prisma),
    ...portraitFigures(prisma),
  } satisfies PortraitRecords);
}

async function findGiven(prisma: PrismaClient, shop: string, objectName: string): Promise<GivenPicture | undefined> {
  const where = { shop, objectName, status: "ready" };
  const row = await prisma.portrait.findFirst({ where, orderBy: { expiresAt: "desc" } });
  return row === null ? undefined : givenPicture(row);
}

function portraitFigures(
  prisma: PrismaClient,
): Pick<PortraitRecords, "countWaiting" | "forgottenJobs" | "medianMakingMs"> {
  return {
    async countWaiting(shop, enough) {
      const waiting = await prisma.portrait.findMany({
        where: { status: "queued" },
        select: { shop: true },
        take: enough,
      });
      return { all: waiting.length, ofShop: waiting.filter((portrait) => portrait.shop === shop).length };
    },

    async forgottenJobs(beforeMs, limit) {
      const before = new Date(beforeMs).toISOString();
      return prisma.$queryRaw`
        SELECT shop, key, bool_or("orderedAt" IS NOT NULL) AS "isOrdered" FROM "Portrait"
        WHERE status IN ('queued', 'making') AND "createdAt" < ${before}::timestamp(3)
          AND ("queuedAt" IS NULL OR "queuedAt" < ${before}::timestamp(3))
        GROUP BY shop, key LIMIT ${limit}`;
    },

    async medianMakingMs(model, sample) {
      const newest = await prisma.portrait.findMany({
        where: { model, status: "ready", cached: false, startedAt: { not: null }, finishedAt: { not: null } },
        orderBy: { createdAt: "desc" },
        take: sample,
        select: { startedAt: true, finishedAt: true },
      });
      const durations = newest.map(({ startedAt, finishedAt }) => Number(finishedAt) - Number(startedAt));
      return durations.sort((a, b) => a - b)[Math.floor(durations.length / 2)] ?? null;
    },
  };
}
