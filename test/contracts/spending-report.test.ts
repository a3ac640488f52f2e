import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { createPrismaSpendingReport } from "#app/adapters/prisma/prisma-spending-report.ts";
import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";
import { readShopBudget } from "#app/ledger/shop-budget.ts";
import type { SpendingReport } from "#app/ledger/spending-report.ts";
import { watchBudgets } from "#app/ledger/watch-budgets.ts";
import { budgetsOf } from "#test/builders/budgets.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";

const noon = Date.parse("2026-03-11T12:00:00Z");
const clock = stoppedClock(noon);
const dollar = 1_000_000;

describeOnEachDatabase("what days have come to", (open) => {
  let database: Database;
  let spending: SpendingReport;
  beforeAll(async () => {
    database = await open();
    spending = createPrismaSpendingReport(database.prisma);
    const store = createPrismaBudgetStore(database.prisma);
    let calls = 0;
    const spend = (shop: string, day: string, spentMicroUsd: number) =>
      store.settle(
        { shop, day, requestId: "por", microUsd: 0 },
        { callId: `att_${(calls += 1)}`, spentMicroUsd, nowMs: noon },
      );
    for (const [day, amount] of [
      ["2026-01-20", 5],
      ["2026-03-09", 2],
      ["2026-03-10", 4],
      ["2026-03-11", 3],
    ] as const)
      await spend("a.shop", day, amount * dollar);
    await spend("b.shop", "2026-03-11", 6 * dollar);
    await store.reserve(
      { shop: "a.shop", day: "2026-03-11", requestId: "por", microUsd: 40_000 },
      { limits: budgetsOf({}), nowMs: noon, leaseMs: 1 },
    );
  });
  afterAll(() => database.close());

  it("is settled money of a shop or of all, from a day on, and when it all began", async () => {
    expect(await spending.since("a.shop", "2026-03-10")).toEqual({
      days: [
        { day: "2026-03-10", microUsd: 4 * dollar },
        { day: "2026-03-11", microUsd: 3 * dollar },
      ],
      firstDay: "2026-01-20",
    });
    const all = await spending.since(null, "2026-03-11");
    expect(all.days).toEqual([{ day: "2026-03-11", microUsd: 9 * dollar }]);
    expect(await spending.since("nobody", "2026-01-01")).toEqual({ days: [], firstDay: null });
    expect(await spending.shopsOn("2026-03-11")).toEqual(["a.shop", "b.shop"]);
    expect(await spending.shopsOn("2026-03-12")).toEqual([]);
  });

  it("is told once to however many ask, and of a day without spending too", async () => {
    const ask = (day: string, what: string) => spending.isFirstToTell(null, day, what);
    const asked = await Promise.all(Array.from({ length: 8 }, () => ask("2026-03-01", "it")));
    expect(asked.filter((first) => first)).toHaveLength(1);
    expect([await ask("2026-03-01", "it"), await ask("2026-03-01", "else"), await ask("2026-03-02", "it")]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await spending.isFirstToTell("a.shop", "2026-03-01", "it")).toBe(true);
    expect((await spending.since("a.shop", "2026-01-01")).days).toHaveLength(4);
  });

  const parts = (budgets: Partial<BudgetLimits>) => ({
    budget: createPrismaBudgetStore(database.prisma),
    spending,
    budgets: budgetsOf(budgets),
    clock,
  });

  it("is shown to a merchant beside the limits, and other shops' money is not", async () => {
    const limits = { shopDay: 10 * dollar, shopMonth: 60 * dollar, installationDay: 12 * dollar };
    const shown = await readShopBudget(parts(limits), "a.shop");
    expect(shown).toEqual({
      standing: { rung: "cheaper-model", by: "installationDay" },
      day: { spentMicroUsd: 3 * dollar, setAsideMicroUsd: 40_000, limitMicroUsd: 10 * dollar },
      month: {
        spentMicroUsd: 9 * dollar,
        limitMicroUsd: 60 * dollar,
        forecast: { microUsd: Math.round(9 * dollar + (6 / 7) * dollar * 20.5), restsOn: { fullDays: 7 } },
      },
    });
  });

  const told = async (budgets: Partial<BudgetLimits>) => {
    const { log, said } = quietLog();
    await watchBudgets({ ...parts(budgets), log });
    return said.map(({ level, event, facts }) => ({ level, event, ...facts }));
  };

  it("is told to the log when the installation's day is nearly spent, once", async () => {
    expect(await told({ installationDay: 10.7 * dollar })).toEqual([]);
    const nearly = {
      level: "warn",
      event: "installation budget nearly spent",
      day: "2026-03-11",
      committedMicroUsd: 9_040_000,
      budgetMicroUsd: 10 * dollar,
    };
    expect(await told({ installationDay: 10 * dollar })).toEqual([nearly]);
    expect(await told({ installationDay: 10 * dollar })).toEqual([]);
  });

  it("is told to the log when a month is heading past its budget: the installation's and each shop's, once a day", async () => {
    const event = "month forecast over budget";
    expect(await told({ installationMonth: 45 * dollar, shopMonth: 45 * dollar })).toMatchObject([
      // Its first day is half over: 6 dollars, and 12 for each of 20 and a half more.
      { event, of: "shop", shop: "b.shop", spentMicroUsd: 6 * dollar, forecastMicroUsd: 252 * dollar },
    ]);
    expect(await told({ installationMonth: 30 * dollar, shopMonth: 20 * dollar })).toMatchObject([
      { level: "warn", event, of: "installation", spentMicroUsd: 15 * dollar, budgetMicroUsd: 30 * dollar },
      { event, of: "shop", shop: "a.shop" },
    ]);
    expect(await told({ installationMonth: 30 * dollar, shopMonth: 20 * dollar })).toEqual([]);
    expect(await told({})).toEqual([]);
  });
});
