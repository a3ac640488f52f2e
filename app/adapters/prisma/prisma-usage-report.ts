import type { PrismaClient } from "@prisma/client";
import { microUsd } from "#app/kernel/money.ts";
import type { PortraitSummary, UsageReport } from "#app/ledger/usage-report.ts";

/** Figures read from the records as they are; each is one indexed count, none is kept beside what it counts. */
export function createPrismaUsageReport(prisma: PrismaClient): UsageReport {
  return Object.freeze({
    async since(shop, sinceMs) {
      const since = new Date(sinceMs);
      const finished = { shop, finishedAt: { gte: since } };
      const attempts = { shop, startedAt: { gte: since } };
      const [portraits, cacheHits, failedPortraits, calls, failedPainterCalls, addedToCart] = await Promise.all([
        prisma.portrait.count({ where: { ...finished, status: "ready" } }),
        prisma.portrait.count({ where: { ...finished, status: "ready", cached: true } }),
        prisma.portrait.count({ where: { ...finished, status: "failed" } }),
        prisma.attempt.aggregate({ where: attempts, _count: true, _sum: { costMicroUsd: true } }),
        prisma.attempt.count({ where: { ...attempts, outcome: { in: ["failed", "aborted"] } } }),
        prisma.storefrontEvent.count({ where: { shop, name: "added_to_cart", at: { gte: since } } }),
      ]);
      return {
        portraits,
        cacheHits,
        failedPortraits,
        painterCalls: calls._count,
        failedPainterCalls,
        // A sum past 2^53 micro-dollars would be nine billion dollars; microUsd would refuse it rather than round it.
        costMicroUsd: microUsd(Number(calls._sum.costMicroUsd ?? 0n)),
        addedToCart,
      };
    },

    async newestPortraits(shop, limit) {
      const rows = await prisma.portrait.findMany({
        where: { shop, hiddenAt: null, status: { not: "cancelled" } },
        orderBy: { createdAt: "desc" },
        take: limit,
        select: shown,
      });
      return rows.map((row) => ({ ...row, painter: row.painter as PortraitSummary["painter"] }));
    },
  } satisfies UsageReport);
}

const shown = {
  id: true,
  style: true,
  status: true,
  painter: true,
  cached: true,
  backgroundKept: true,
  imageToken: true,
  errorMessage: true,
  createdAt: true,
} as const;
