import type { PrismaClient } from "@prisma/client";
import type { AttemptLog } from "#app/ledger/attempt-log.ts";

export function createPrismaAttemptLog(prisma: PrismaClient): AttemptLog {
  return Object.freeze({
    async begin({ startedAtMs, ...attempt }) {
      await prisma.attempt.create({ data: { ...attempt, outcome: "running", startedAt: new Date(startedAtMs) } });
    },

    async end(id, { tokens, endedAtMs, costMicroUsd, ...end }) {
      await prisma.attempt.updateMany({
        where: { id, outcome: "running" },
        data: {
          ...end,
          costMicroUsd: BigInt(costMicroUsd),
          tokensInput: tokens?.input ?? null,
          tokensOutput: tokens?.output ?? null,
          tokensThinking: tokens?.thinking ?? null,
          endedAt: new Date(endedAtMs),
        },
      });
    },
  } satisfies AttemptLog);
}
