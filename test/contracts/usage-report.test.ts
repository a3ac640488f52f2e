import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaUsageReport } from "#app/adapters/prisma/prisma-usage-report.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { attemptRow, eventRow, portraitRow } from "#test/builders/rows.ts";

const midnight = new Date("2026-11-24T00:00:00.000Z");
const before = new Date(midnight.getTime() - 1);
const shop = "a.myshopify.com";

describeOnEachDatabase("the usage report", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    const { prisma } = database;
    const ready = { status: "ready", finishedAt: midnight };
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
      ],
    });
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
    });
  });

  it("is all zero for a shop that has done nothing", async () => {
    const figures = await report().since("nobody.myshopify.com", 0);
    expect(Object.values(figures)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it("shows the newest portraits first, without what was hidden or cancelled", async () => {
    const newest = await report().newestPortraits(shop, 3);
    expect(newest.map(({ status }) => status)).toEqual(["making", "ready", "ready"]);
    expect(newest[2]).toMatchObject({ style: "ink_wash", imageToken: "img_1", cached: false, errorMessage: null });
    expect(await report().newestPortraits(shop, 50)).toHaveLength(5);
  });
});
