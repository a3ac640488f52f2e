import { describe, expect, it } from "vitest";
import type { BudgetLimits, BudgetSums } from "./budget-decisions.ts";
import { budgetStanding, dayRung } from "./budget-ladder.ts";

describe("the ladder of a day's money", () => {
  it.each([
    [0, 100, "all"],
    [69, 100, "all"],
    [70, 100, "cheaper-model"],
    [84, 100, "cheaper-model"],
    [85, 100, "no-new-takes"],
    [99, 100, "no-new-takes"],
    [100, 100, "cached-only"],
    [140, 100, "cached-only"],
    [0, 0, "all"],
    [1, 0, "cached-only"],
  ])("stands, with %i of %i micro-dollars gone, at %s", (committed, limit, rung) => {
    expect(dayRung(committed, limit)).toBe(rung);
  });
});

describe("the ladder of all budgets together", () => {
  const limits: BudgetLimits = { shopDay: 100, shopMonth: 1_000, installationDay: 500, installationMonth: 5_000 };
  const nothing: BudgetSums = { shopDay: 0, shopMonth: 0, installationDay: 0, installationMonth: 0 };
  it.each([
    ["nothing is spent", {}, {}, "all", "shopDay"],
    ["the shop's day is tighter", { shopDay: 85, installationDay: 350 }, {}, "no-new-takes", "shopDay"],
    ["the installation's day is tighter", { shopDay: 70, installationDay: 425 }, {}, "no-new-takes", "installationDay"],
    ["a month is nearly spent", { shopMonth: 999, installationMonth: 4_999 }, {}, "all", "shopDay"],
    ["the shop's month is spent", { shopDay: 85, shopMonth: 1_000 }, {}, "cached-only", "shopMonth"],
    ["day and month are spent", { shopDay: 100, shopMonth: 1_000 }, {}, "cached-only", "shopMonth"],
    ["the installation's month is spent", { installationMonth: 5_000 }, {}, "cached-only", "installationMonth"],
    ["there is no limit of a month", { shopMonth: 9_999 }, { shopMonth: null }, "all", "shopDay"],
  ] as const)("stands, where %s, at the tightest", (_when, spent, other, rung, by) => {
    expect(budgetStanding({ ...nothing, ...spent }, { ...limits, ...other })).toEqual({ rung, by });
  });
});
