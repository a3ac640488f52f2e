import { Prisma, type Portrait, type PrismaClient } from "@prisma/client";
import type { PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { fromRow, toRow } from "./portrait-row.ts";

const active = { in: ["queued", "making"] };

export function createPrismaPortraitRecords(prisma: PrismaClient): PortraitRecords {
  const first = async (where: Prisma.PortraitWhereInput): Promise<PortraitRecord | undefined> => {
    const row = await prisma.portrait.findFirst({ where, orderBy: { createdAt: "desc" } });
    return row === null ? undefined : fromRow(row);
  };
  const waitingFor: PortraitRecords["waitingFor"] = async (shop, key) => {
    const rows = await prisma.portrait.findMany({ where: { shop, key, status: active }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
    return rows.map(fromRow);
  };

  return Object.freeze({
    async insertActive(portrait) {
      try {
        await prisma.portrait.create({ data: toRow(portrait) });
        return { portrait, inserted: true };
      } catch (error) {
        if (!isTaken(error)) throw error;
        const { shop, shopper, key } = portrait;
        const other = await first({ shop, shopper, key, activeKey: key });
        // It may have ended between the two statements; then the way is free.
        return other === undefined ? this.insertActive(portrait) : { portrait: other, inserted: false };
      }
    },

    async insertSettled(portrait) {
      await prisma.portrait.create({ data: toRow(portrait) });
    },

    find: (shop, owners, id) => first({ id, shop, shopper: { in: [...owners] } }),
    findReady: (shop, owners, key) => first({ shop, key, shopper: { in: [...owners] }, status: "ready", hiddenAt: null }),
    findActive: (shop, owners, key) => first({ shop, key, shopper: { in: [...owners] }, status: active }),
    findByImageToken: (imageToken) => first({ imageToken }),

    async list(shop, owners, limit) {
      const rows = await prisma.portrait.findMany({
        where: { shop, shopper: { in: [...owners] }, hiddenAt: null, status: { not: "cancelled" } },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(fromRow);
    },

    waitingFor,

    async setReserved(id, reserved) {
      await prisma.portrait.update({ where: { id }, data: { reserved } });
    },

    async setStage(shop, key, stage, nowMs) {
      const now = new Date(nowMs);
      await prisma.portrait.updateMany({ where: { shop, key, status: active, startedAt: null }, data: { startedAt: now } });
      await prisma.portrait.updateMany({ where: { shop, key, status: active }, data: { status: "making", stage } });
    },

    async finish(shop, key, entry, { nowMs, imageToken }) {
      const ready: string[] = [];
      for (const { id } of await waitingFor(shop, key)) {
        const { count } = await prisma.portrait.updateMany({
          where: { id, status: active },
          data: {
            status: "ready",
            stage: null,
            activeKey: null,
            imageToken: imageToken(),
            objectName: entry.objectName,
            width: entry.width,
            height: entry.height,
            contentType: entry.contentType,
            backgroundKept: entry.backgroundKept,
            finishedAt: new Date(nowMs),
          },
        });
        if (count === 1) ready.push(id);
      }
      return ready;
    },

    async fail(shop, key, error, nowMs) {
      const failed: PortraitRecord[] = [];
      for (const portrait of await waitingFor(shop, key)) {
        const { count } = await prisma.portrait.updateMany({ where: { id: portrait.id, status: active }, data: failure(error, nowMs) });
        if (count === 1) failed.push({ ...portrait, status: "failed", stage: null, error });
      }
      return failed;
    },

    async failOne(id, error, { nowMs, hidden }) {
      const hiddenAt = hidden ? new Date(nowMs) : null;
      await prisma.portrait.updateMany({ where: { id, status: active }, data: { ...failure(error, nowMs), hiddenAt } });
    },

    async cancel(id, nowMs) {
      const now = new Date(nowMs);
      const data = { status: "cancelled", stage: null, activeKey: null, finishedAt: now, hiddenAt: now };
      const { count } = await prisma.portrait.updateMany({ where: { id, status: active }, data });
      return count === 0 ? undefined : first({ id });
    },

    async hide(id, nowMs) {
      const hiddenAt = new Date(nowMs);
      await prisma.portrait.updateMany({ where: { id, status: "pending" }, data: { status: "cancelled" } });
      await prisma.portrait.updateMany({ where: { id, hiddenAt: null }, data: { hiddenAt } });
    },

    forgottenJobs: (beforeMs, limit) =>
      prisma.portrait.findMany({
        where: { status: active, createdAt: { lt: new Date(beforeMs) } },
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
      const durations = newest.map(durationMs).sort((a, b) => a - b);
      return durations[Math.floor(durations.length / 2)] ?? null;
    },
  } satisfies PortraitRecords);
}

const isTaken = (error: unknown): boolean => error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";

const failure = (error: { code: string; message: string; retryable: boolean }, nowMs: number) => ({
  status: "failed",
  stage: null,
  activeKey: null,
  errorCode: error.code,
  errorMessage: error.message,
  errorRetryable: error.retryable,
  finishedAt: new Date(nowMs),
});

const durationMs = ({ startedAt, finishedAt }: Pick<Portrait, "startedAt" | "finishedAt">): number =>
  (finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0);
