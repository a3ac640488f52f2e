import type { Prisma, PrismaClient } from "@prisma/client";
import { utcDay } from "#app/kernel/clock.ts";
import { microUsd } from "#app/kernel/money.ts";
import type { AttemptLog, AttemptStart, SpendingLimit } from "#app/ledger/attempt-log.ts";

export function createPrismaAttemptLog(prisma: PrismaClient): AttemptLog {
  return Object.freeze({
    async begin(attempt, limit) {
      if (limit === undefined) return insert(prisma, attempt);
      return prisma.$transaction(async (tx) => {
        // Who counts what is spent has to be alone with it until its own call is written down.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`spending:${attempt.painter}`}, 0))`;
        const spent = await spentWithin(tx, attempt, limit);
        const tooMuch = spent.reduce((sum, { microUsd }) => sum + microUsd, attempt.highestMicroUsd) - limit.microUsd;
        if (tooMuch <= 0) return insert(tx, attempt);
        return { begun: false as const, retryInMs: whenRoomComes(spent, tooMuch, attempt.startedAtMs, limit.windowMs) };
      });
    },

    async end(id, { tokens, endedAtMs, costMicroUsd, ...end }) {
      await prisma.attempt.updateMany({
        where: { id, outcome: "running" },
        data: {
          ...end,
          costMicroUsd: BigInt(costMicroUsd),
          tokensInputText: tokens?.inputText ?? null,
          tokensInputImage: tokens?.inputImage ?? null,
          tokensOutputText: tokens?.outputText ?? null,
          tokensOutputImage: tokens?.outputImage ?? null,
          tokensThinking: tokens?.thinking ?? null,
          endedAt: new Date(endedAtMs),
        },
      });
    },

    async abandoned(beforeMs, limit) {
      const rows = await prisma.attempt.findMany({
        where: { outcome: "running", startedAt: { lt: new Date(beforeMs) } },
        orderBy: { startedAt: "asc" },
        take: limit,
        select: { id: true, shop: true, budgetDay: true, startedAt: true, highestMicroUsd: true },
      });
      return rows.map(({ startedAt, budgetDay, highestMicroUsd, ...row }) => ({
        ...row,
        // Rows from before the column was there.
        budgetDay: budgetDay ?? utcDay(startedAt.getTime()),
        startedAtMs: startedAt.getTime(),
        highestMicroUsd: microUsd(Number(highestMicroUsd)),
      }));
    },
  } satisfies AttemptLog);
}

async function insert(
  db: Prisma.TransactionClient,
  { startedAtMs, highestMicroUsd, ...attempt }: AttemptStart,
): Promise<{ begun: true }> {
  await db.attempt.create({
    data: {
      ...attempt,
      highestMicroUsd: BigInt(highestMicroUsd),
      outcome: "running",
      startedAt: new Date(startedAtMs),
    },
  });
  return { begun: true };
}

type Spending = { microUsd: number; atMs: number };

/** No call lasts longer than this, milliseconds; what began before it cannot have ended within the window. */
const longestCallMs = 5 * 60_000;

/** What counts against the limit, oldest first. A call counts from when it ended, for that is when it was billed. */
async function spentWithin(
  db: Prisma.TransactionClient,
  { painter, startedAtMs: nowMs }: AttemptStart,
  { windowMs }: SpendingLimit,
): Promise<Spending[]> {
  const since = new Date(nowMs - windowMs);
  const rows = await db.attempt.findMany({
    where: {
      painter,
      startedAt: { gt: new Date(nowMs - windowMs - longestCallMs) },
      OR: [{ endedAt: { gt: since } }, { endedAt: null, startedAt: { gt: since } }],
    },
    select: { startedAt: true, endedAt: true, costMicroUsd: true, highestMicroUsd: true },
  });
  return rows
    .map((row) => ({
      microUsd: Number(row.endedAt === null ? row.highestMicroUsd : row.costMicroUsd),
      atMs: (row.endedAt ?? row.startedAt).getTime(),
    }))
    .sort((a, b) => a.atMs - b.atMs);
}

/** When enough has left the window. A call that can never fit waits for the whole of it, again and again. */
function whenRoomComes(spent: Spending[], tooMuch: number, nowMs: number, windowMs: number): number {
  let left = tooMuch;
  for (const { microUsd, atMs } of spent) {
    left -= microUsd;
    if (left <= 0) return Math.max(1, atMs + windowMs - nowMs);
  }
  return windowMs;
}
