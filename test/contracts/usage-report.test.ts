import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaUsageReport } from "#app/adapters/prisma/prisma-usage-report.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { orderedTries } from "#app/orders/paint-ordered.ts";
import { attemptRow, eventRow, orderLineRow, portraitRow } from "#test/builders/rows.ts";

const midnight = new Date("2026-11-24T00:00:00.000Z");
const before = new Date(midnight.getTime() - 1);
const [old, older, oldest] = [1_000, 2_000, 3_000].map((ms) => new Date(midnight.getTime() - ms)) as [Date, Date, Date];
const shop = "a.myshopify.com";

const troubled = "c.myshopify.com";

/** Orders of a shop: refused for good, tried in vain, and four that are on their way or well. */
async function insertTroubled(prisma: Database["prisma"]): Promise<void> {
  const portrait = (given: Parameters<typeof portraitRow>[2]) =>
    portraitRow(troubled, "c:1", { ...given, orderedAt: midnight });
  const given = [
    portrait({ status: "failed", errorRetryable: false, errorMessage: "Not this photo." }),
    portrait({ status: "pending", tries: orderedTries.mostTries }),
    portrait({ status: "pending", tries: 1, errorRetryable: true }),
    portrait({ status: "failed", errorRetryable: true }),
    portrait({ status: "making" }),
    portrait({ status: "ready", tries: orderedTries.mostTries }),
  ];
  await prisma.portrait.createMany({ data: given });
  const lines = given.map((one, n) => ({
    ...orderLineRow(one, String(n + 1)),
    orderedAt: n === 0 ? before : midnight,
  }));
  const again = lines.slice(0, 1).map((line) => ({ ...line, lineId: "another" }));
  await prisma.orderLine.createMany({ data: [...lines, ...again] });
}

describeOnEachDatabase("the usage report", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    const { prisma } = database;
    const ready = { status: "ready", finishedAt: midnight };
    // Off its shopper's list, and promised: both are the merchant's to see.
    const hidden = portraitRow(shop, "c:3", {
      ...{ ...ready, createdAt: old, hiddenAt: old, finishedAt: old, orderedAt: midnight },
    });
    const stuck = portraitRow(shop, "c:3", {
      ...{ status: "pending", createdAt: older, orderedAt: midnight, tries: orderedTries.mostTries },
    });
    const orderedBefore = { ...ready, createdAt: oldest, finishedAt: oldest, hiddenAt: oldest, orderedAt: before };
    await prisma.portrait.createMany({
      data: [
        portraitRow(shop, "c:1", {
          ...ready,
          createdAt: new Date(midnight.getTime() + 1_000),
          style: "ink_wash",
          imageToken: "img_1",
        }),
        portraitRow(shop, "c:1", {
          ...ready,
          cached: true,
          createdAt: new Date(midnight.getTime() + 2_000),
          imageToken: "img_2",
        }),
        // Asked for yesterday, ready today: it is one of today's.
        portraitRow(shop, "c:2", { ...ready, cached: true, createdAt: before, hiddenAt: midnight }),
        portraitRow(shop, "c:2", { status: "ready", finishedAt: before, createdAt: before }),
        portraitRow(shop, "c:2", {
          status: "failed",
          finishedAt: midnight,
          createdAt: midnight,
          errorMessage: "No pet.",
        }),
        // A limit that was met is no failure.
        portraitRow(shop, "c:2", {
          status: "failed",
          finishedAt: midnight,
          createdAt: before,
          errorCode: "quota_none",
          hiddenAt: midnight,
        }),
        portraitRow(shop, "c:2", { status: "cancelled", finishedAt: midnight, createdAt: midnight }),
        portraitRow(shop, "c:2", { status: "making", createdAt: new Date(midnight.getTime() + 3_000) }),
        portraitRow("b.myshopify.com", "c:1", { ...ready, createdAt: midnight }),
        hidden,
        stuck,
        portraitRow(shop, "c:3", orderedBefore),
      ],
    });
    await insertTroubled(prisma);
    const lines = [orderLineRow(hidden, "5001"), orderLineRow(hidden, "5001"), orderLineRow(stuck, "5002")];
    await prisma.orderLine.createMany({ data: lines });
    await prisma.attempt.createMany({
      data: [
        attemptRow(shop, { costMicroUsd: 38_700n, startedAt: midnight }),
        attemptRow(shop, { costMicroUsd: 1n, outcome: "failed", startedAt: midnight }),
        attemptRow(shop, { outcome: "running", startedAt: midnight }),
        attemptRow(shop, { outcome: "aborted", startedAt: midnight }),
        attemptRow(shop, { costMicroUsd: 5n, startedAt: before }),
        attemptRow("b.myshopify.com", { costMicroUsd: 7n, startedAt: midnight }),
      ],
    });
    await prisma.storefrontEvent.createMany({
      data: [
        eventRow(shop, "c:1", { name: "added_to_cart", at: midnight }),
        eventRow(shop, "c:1", { name: "added_to_cart", at: before }),
        eventRow(shop, "c:1", { name: "portrait_shown", at: midnight }),
        eventRow(shop, "c:1", { name: "cache_hit", at: midnight }),
        eventRow(shop, "c:2", { name: "cache_hit", at: midnight }),
        eventRow(shop, "c:2", { name: "cache_hit", at: before }),
        eventRow("b.myshopify.com", "c:1", { name: "added_to_cart", at: midnight }),
      ],
    });
  });
  afterAll(() => database.close());

  const report = () => createPrismaUsageReport(database.prisma);

  it("counts this shop's work from its first millisecond on, to the micro-dollar", async () => {
    expect(await report().since(shop, midnight.getTime())).toEqual({
      portraits: 3,
      cacheHits: 2,
      failedPortraits: 1,
      painterCalls: 4,
      failedPainterCalls: 2,
      costMicroUsd: 38_701,
      addedToCart: 1,
      ordered: 2,
    });
  });

  it("tells which orders are painted no more by themselves, each once, and since when", async () => {
    const since = (sinceMs: number, limit = 10) => report().unpaintedOrders(troubled, { sinceMs, limit });
    const told = [
      { order: "#2", reason: null },
      { order: "#1", reason: "Not this photo." },
    ];
    expect(await since(0)).toEqual(told);
    expect(await since(midnight.getTime())).toEqual(told.slice(0, 1));
    expect(await since(0, 1)).toEqual(told.slice(0, 1));
    expect(await report().unpaintedOrders("b.myshopify.com", { sinceMs: 0, limit: 10 })).toEqual([]);
  });

  it("is all zero for a shop that has done nothing", async () => {
    const figures = await report().since("nobody.myshopify.com", 0);
    expect(Object.values(figures)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("shows the newest portraits first, without what was hidden or cancelled, unless it is ordered", async () => {
    const newest = await report().newestPortraits(shop, 3);
    expect(newest.map(({ status }) => status)).toEqual(["making", "ready", "ready"]);
    expect(newest[2]).toMatchObject({ style: "ink_wash", imageToken: "img_1", cached: false, errorMessage: null });
    const all = await report().newestPortraits(shop, 50);
    expect(all).toHaveLength(5 + 3);
    expect(all.slice(5).map(({ status, orders, isGivenUp }) => ({ status, orders, isGivenUp }))).toEqual([
      { status: "ready", orders: ["#5001"], isGivenUp: false },
      { status: "pending", orders: ["#5002"], isGivenUp: true },
      { status: "ready", orders: [], isGivenUp: false },
    ]);
  });
});
