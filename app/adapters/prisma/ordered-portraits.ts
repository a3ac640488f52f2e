import { Prisma, type Portrait, type PrismaClient } from "@prisma/client";
import type { OrderedDue, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { fromRow } from "./portrait-row.ts";

/**
 * What is ordered and has no picture yet. Such a row carries no `activeKey` from when it is put in line: its shopper may
 * wish for the same picture beside it, and then both wait for the same job.
 */
type Ordered = Pick<PortraitRecords, "shopsWithOrdered" | "orderedToPaint" | "putInLine">;

export function orderedPortraits(prisma: PrismaClient): Ordered {
  return {
    async shopsWithOrdered(due, limit) {
      // In no order: shops that wait for money must not stand in the way of those that do not.
      const rows = await prisma.$queryRaw<{ shop: string }[]>`
        SELECT shop FROM "Portrait" WHERE ${isDue(due)} GROUP BY shop ORDER BY random() LIMIT ${limit}`;
      return rows.map(({ shop }) => shop);
    },

    async orderedToPaint(shop, due, { limit, only }) {
      const among = only === undefined ? Prisma.empty : Prisma.sql`AND id = ANY(${[...only]})`;
      const ids = await prisma.$queryRaw<Pick<Portrait, "id">[]>`
        SELECT id FROM "Portrait" WHERE shop = ${shop} AND ${isDue(due)} ${among}
        ORDER BY "orderedAt", id LIMIT ${limit}`;
      const where = { id: { in: ids.map(({ id }) => id) } };
      const rows = await prisma.portrait.findMany({ where, orderBy: [{ orderedAt: "asc" }, { id: "asc" }] });
      return rows.map(fromRow);
    },

    async putInLine(id, { nowMs, reserved, ...painted }) {
      const where = { id, orderedAt: { not: null }, status: { in: [...unpainted] } };
      const data = { ...painted, reserved: reserved ?? Prisma.DbNull, ...inLine, queuedAt: new Date(nowMs) };
      const { count } = await prisma.portrait.updateMany({ where, data });
      const row = count === 0 ? null : await prisma.portrait.findUnique({ where: { id } });
      return row === null ? undefined : fromRow(row);
    },
  };
}

const unpainted = ["pending", "failed", "cancelled"] as const;

const inLine = {
  status: "queued",
  stage: "waiting",
  activeKey: null,
  startedAt: null,
  finishedAt: null,
  errorCode: null,
  errorMessage: null,
  errorRetryable: null,
  tries: { increment: 1 },
};

/** Times are UTC without a zone; the cast keeps the server's own zone out of it. */
function isDue({ nowMs, firstPauseMs, mostTries }: OrderedDue): Prisma.Sql {
  const now = Prisma.sql`${new Date(nowMs).toISOString()}::timestamp(3)`;
  return Prisma.sql`
    "orderedAt" IS NOT NULL AND tries < ${mostTries}
    AND (status IN ('pending', 'cancelled') OR (status = 'failed' AND "errorRetryable"))
    AND ("finishedAt" IS NULL OR "finishedAt" < "orderedAt"
      OR "finishedAt" + ${firstPauseMs}::integer * interval '1 millisecond' * power(2, greatest(tries - 1, 0)) <= ${now})`;
}
