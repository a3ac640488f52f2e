import type { PrismaClient } from "@prisma/client";
import type { AttemptLog } from "#app/ledger/attempt-log.ts";

export function createPrismaAttemptLog(prisma: PrismaClient): AttemptLog {
  return Object.freeze({
    async begin({ startedAtMs, ...attempt }) {
      await prisma.attempt.create({ data: { ...attempt, outcome: "running", startedAt: new Date(startedAtMs) } });
    },

    async end(id, { tokens, endedAtMs, costMicroUsd, ...end }) {
      await prisma.attempt.update({
        where: { id },
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

    async medianLatencyMs(model, sample) {
      const newest = await prisma.attempt.findMany({
        where: { model, outcome: "painted" },
        orderBy: { endedAt: "desc" },
        take: sample,
        select: { latencyMs: true },
      });
      const latencies = newest.map((attempt) => attempt.latencyMs ?? 0).sort((a, b) => a - b);
      return latencies[Math.floor(latencies.length / 2)] ?? null;
    },
  } satisfies AttemptLog);
}
