import { Prisma, type PrismaClient } from "@prisma/client";
import type { PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { activeStatuses, portraitMoves } from "./portrait-moves.ts";
import { fromRow, toRow } from "./portrait-row.ts";

export function createPrismaPortraitRecords(prisma: PrismaClient): PortraitRecords {
  const first = async (where: Prisma.PortraitWhereInput): Promise<PortraitRecord | undefined> => {
    const row = await prisma.portrait.findFirst({ where, orderBy: { createdAt: "desc" } });
    return row === null ? undefined : fromRow(row);
  };
  const of = (shop: string, owners: readonly string[]) => ({ shop, shopper: { in: [...owners] } });

  const insertActive: PortraitRecords["insertActive"] = async (portrait) => {
    try {
      await prisma.portrait.create({ data: toRow(portrait) });
      return { portrait, inserted: true };
    } catch (error) {
      if (!isTaken(error)) throw error;
      const { shop, shopper, key } = portrait;
      const other = await first({ shop, shopper, activeKey: key });
      // It may have ended between the two statements; then the way is free.
      return other === undefined ? insertActive(portrait) : { portrait: other, inserted: false };
    }
  };

  return Object.freeze({
    insertActive,
    async insertSettled(portrait) {
      await prisma.portrait.create({ data: toRow(portrait) });
    },
    find: (shop, owners, id) => first({ ...of(shop, owners), id }),
    findReady: (shop, owners, key) => first({ ...of(shop, owners), key, status: "ready", hiddenAt: null }),
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
    ...portraitMoves(prisma),
    ...portraitFigures(prisma),
  } satisfies PortraitRecords);
}

const isTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";

function portraitFigures(
  prisma: PrismaClient,
): Pick<PortraitRecords, "countWaiting" | "forgottenJobs" | "medianMakingMs"> {
  return {
    countWaiting: (enough) => prisma.portrait.count({ where: { status: "queued" }, take: enough }),

    forgottenJobs: (beforeMs, limit) =>
      prisma.portrait.findMany({
        where: { status: activeStatuses, createdAt: { lt: new Date(beforeMs) } },
        distinct: ["shop", "key"],
        select: { shop: true, key: true },
        take: limit,
      }),

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
