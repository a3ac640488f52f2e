import type { PrismaClient } from "@prisma/client";
import { microUsd } from "#app/kernel/money.ts";
import { orderedTries } from "#app/orders/paint-ordered.ts";
import type { PortraitSummary, UnpaintedOrder, UsageReport } from "#app/ledger/usage-report.ts";

/** Figures read from the records as they are; each is one indexed count, none is kept beside what it counts. */
export function createPrismaUsageReport(prisma: PrismaClient): UsageReport {
  return Object.freeze({
    async since(shop, sinceMs) {
      const since = new Date(sinceMs);
      const finished = { shop, finishedAt: { gte: since } };
      const attempts = { shop, startedAt: { gte: since } };
      const events = (name: string) => prisma.storefrontEvent.count({ where: { shop, name, at: { gte: since } } });
      const [made, cacheHits, failedPortraits, calls, failedPainterCalls, addedToCart, ordered] = await Promise.all([
        prisma.portrait.count({ where: { ...finished, status: "ready", cached: false } }),
        events("cache_hit"),
        prisma.portrait.count({ where: { ...finished, status: "failed", ...notRefused } }),
        prisma.attempt.aggregate({ where: attempts, _count: true, _sum: { costMicroUsd: true } }),
        prisma.attempt.count({ where: { ...attempts, outcome: { in: ["failed", "aborted"] } } }),
        events("added_to_cart"),
        prisma.portrait.count({ where: { shop, orderedAt: { gte: since } } }),
      ]);
      return {
        portraits: made + cacheHits,
        cacheHits,
        failedPortraits,
        painterCalls: calls._count,
        failedPainterCalls,
        // A sum past 2^53 micro-dollars would be nine billion dollars; microUsd would refuse it rather than round it.
        costMicroUsd: microUsd(Number(calls._sum.costMicroUsd ?? 0n)),
        addedToCart,
        ordered,
      };
    },

    async newestPortraits(shop, limit) {
      const rows = await prisma.portrait.findMany({
        where: { shop, OR: [{ hiddenAt: null, status: { not: "cancelled" } }, { orderedAt: { not: null } }] },
        orderBy: { createdAt: "desc" },
        take: limit,
        select: shown,
      });
      return rows.map(({ painter, orderLines, tries, ...row }) => ({
        ...row,
        painter: painter as PortraitSummary["painter"],
        orders: [...new Set(orderLines.map(({ orderName }) => orderName))],
        isGivenUp: row.status === "pending" && tries >= orderedTries.mostTries,
      }));
    },
    unpaintedOrders: (shop, options) => unpaintedOrders(prisma, shop, options),
  } satisfies UsageReport);
}

/** What failed for now, before it was ordered, is still to be tried. */
const isGivenUp = {
  OR: [
    { status: "failed", errorRetryable: { not: true } },
    { status: { in: ["failed", "pending"] }, tries: { gte: orderedTries.mostTries } },
  ],
};

async function unpaintedOrders(
  prisma: PrismaClient,
  shop: string,
  { sinceMs, limit }: { sinceMs: number; limit: number },
): Promise<UnpaintedOrder[]> {
  const lines = await prisma.orderLine.findMany({
    where: { shop, orderedAt: { gte: new Date(sinceMs) }, portrait: isGivenUp },
    orderBy: { orderedAt: "desc" },
    // An order's lines of one portrait are one thing to finish.
    distinct: ["orderId", "portraitId"],
    take: limit,
    select: { orderName: true, portrait: { select: { errorMessage: true } } },
  });
  return lines.map(({ orderName, portrait }) => ({ order: orderName, reason: portrait.errorMessage }));
}

/** A wish that met a limit is kept as failed for whoever had joined it; nothing went wrong. */
const notRefused = {
  OR: [{ errorCode: null }, { NOT: [{ errorCode: { startsWith: "quota_" } }, { errorCode: "budget_spent" }] }],
};

const shown = {
  id: true,
  style: true,
  status: true,
  painter: true,
  cached: true,
  backgroundKept: true,
  cutoutBy: true,
  imageToken: true,
  errorMessage: true,
  createdAt: true,
  tries: true,
  orderLines: { select: { orderName: true }, orderBy: { orderedAt: "asc" } },
} as const;
