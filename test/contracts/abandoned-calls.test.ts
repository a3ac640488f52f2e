import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { settleAbandonedCalls } from "#app/portraits/settle-abandoned-calls.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";

const clock = stoppedClock(Date.parse("2026-03-29T12:00:00Z"));
const minute = 60_000;

describeOnEachDatabase("calls of processes that died", (open) => {
  let database: Database;
  beforeAll(async () => void (database = await open()));
  afterAll(() => database.close());

  it("are settled at their highest price, once, whoever does it how often; calls at work are left alone", async () => {
    const [attempts, budget] = [createPrismaAttemptLog(database.prisma), createPrismaBudgetStore(database.prisma)];
    const begin = (id: string, minutesAgo: number, highestMicroUsd = 39_000) =>
      attempts.begin({
        id,
        shop: "a.shop",
        budgetDay: "2026-03-29",
        portraitKey: id,
        style: "ink_wash",
        painter: "gemini",
        model: "some-model",
        priceTable: "2026-11-24",
        highestMicroUsd,
        wording: "usual",
        startedAtMs: clock.nowMs() - minutesAgo * minute,
      });
    await begin("dead", 6);
    await begin("dead too", 600);
    await begin("dead and free", 6, 0);
    await begin("at work", 4);
    const settle = () =>
      settleAbandonedCalls({ attempts, budget, clock, log: quietLog().log, abandonedAfterMs: 5 * minute });
    await Promise.all([settle(), settle()]);
    await settle();

    const rows = await database.prisma.attempt.findMany({ orderBy: { id: "asc" } });
    expect(rows.map(({ id, outcome, billing, costMicroUsd }) => [id, outcome, billing, costMicroUsd])).toEqual([
      ["at work", "running", null, 0n],
      ["dead", "aborted", "assumed", 39_000n],
      ["dead and free", "aborted", "assumed", 0n],
      ["dead too", "aborted", "assumed", 39_000n],
    ]);
    const { shopDay, installationDay } = await budget.committed("a.shop", "2026-03-29", clock.nowMs());
    expect([shopDay, installationDay]).toEqual([78_000, 78_000]);
  });
});
