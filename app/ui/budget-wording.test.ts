import { describe, expect, it } from "vitest";
import type { BudgetStanding } from "#app/ledger/budget-ladder.ts";
import type { ShopBudget } from "#app/ledger/shop-budget.ts";
import { basisWords, budgetWarning, dollars, lastDayOfMonth, rungWords, shareOf } from "./budget-wording.ts";

const noon = Date.UTC(2026, 10, 24, 12);
const usd = (amount: number) => Math.round(amount * 1_000_000);

type Given = { standing?: BudgetStanding; spent?: number; forecast?: number; month?: number; day?: number };
const budget = ({ standing, spent = 0, forecast, month, day = 10 }: Given): ShopBudget => ({
  standing: standing ?? { rung: "all", by: "shopDay" },
  day: { spentMicroUsd: 0, setAsideMicroUsd: 0, limitMicroUsd: usd(day) },
  month: {
    spentMicroUsd: usd(spent),
    forecast: forecast === undefined ? null : { microUsd: usd(forecast), restsOn: { fullDays: 7 } },
    limitMicroUsd: month === undefined ? null : usd(month),
  },
});

describe("money in words", () => {
  it.each([
    [0, "$0.00"],
    [1, "under $0.01"],
    [9_999_999, "$9.99"],
    [1_234_560_000, "$1,234.56"],
  ])("%i micro-dollars are %s", (value, words) => expect(dollars(value)).toBe(words));

  it.each([
    [0, 0, 0],
    [1, 0, 100],
    [999, 1_000, 99],
    [5_000, 1_000, 100],
  ])("%i of %i fills %i per cent of the bar", (value, limit, share) => expect(shareOf(value, limit)).toBe(share));

  it("says what a forecast rests on, and how long a month is", () => {
    const words = [{ fullDays: 7 }, { fullDays: 1 }, { hoursOfToday: 9 }].map((restsOn) =>
      basisWords({ microUsd: 0, restsOn }),
    );
    expect(words).toEqual(["the last 7 full days", "yesterday", "the first 9 hours of today"]);
    expect([noon, Date.UTC(2028, 1, 1), Date.UTC(2026, 11, 31, 23, 59)].map(lastDayOfMonth)).toEqual([
      "30 November",
      "29 February",
      "31 December",
    ]);
  });

  it("says whose budget it is where it is not the shop's own day", () => {
    expect(rungWords({ rung: "cheaper-model", by: "shopDay" }).sentence).not.toContain("share");
    expect(rungWords({ rung: "cheaper-model", by: "installationDay" }).sentence).toContain("all shops share");
    expect(rungWords({ rung: "cached-only", by: "shopMonth" }).sentence).toContain("month's");
  });
});

describe("a warning about the money", () => {
  it("is not given while there is nothing to do", () => {
    expect(budgetWarning(budget({ spent: 50, forecast: 500 }), noon)).toBeUndefined();
    expect(budgetWarning(budget({ spent: 50, forecast: 200, month: 200 }), noon)).toBeUndefined();
    expect(budgetWarning(budget({ spent: 50, month: 200 }), noon)).toBeUndefined();
    expect(budgetWarning(budget({ standing: { rung: "no-new-takes", by: "shopDay" } }), noon)).toBeUndefined();
  });

  it("says where the month is heading, when its budget is spent, and with which day it lasts", () => {
    const warning = budgetWarning(budget({ spent: 170, forecast: 235, month: 200 }), noon);
    expect(warning).toMatchObject({ tone: "warning" });
    expect(warning?.title).toBe("This month is heading for $235.00, past its budget of $200.00");
    expect(warning?.sentences.join(" ")).toContain("spent on 27 November");
    expect(warning?.sentences.join(" ")).toContain("until 1 December");
    expect(warning?.sentences[1]).toContain("set DAILY_BUDGET_USD to $4.61");
  });

  it("advises no day that is too small to be worth having", () => {
    const warning = budgetWarning(budget({ spent: 198, forecast: 260, month: 200 }), noon);
    expect(warning?.sentences[1]).toBe("To go on painting, raise MONTHLY_BUDGET_USD.");
  });

  it.each([
    ["shopDay", "Today's budget is spent", "DAILY_BUDGET_USD", "at 00:00 UTC"],
    ["shopMonth", "This month's budget is spent", "MONTHLY_BUDGET_USD", "1 December"],
    ["installationDay", "all shops together", "INSTALLATION_DAILY_BUDGET_USD", "at 00:00 UTC"],
    ["installationMonth", "all shops together", "INSTALLATION_MONTHLY_BUDGET_USD", "1 December"],
  ] as const)("says what to raise where %s is spent, and when painting goes on", (by, title, setting, until) => {
    const warning = budgetWarning(budget({ standing: { rung: "cached-only", by }, forecast: 9, month: 1 }), noon);
    expect(warning?.tone).toBe("critical");
    expect(warning?.title).toContain(title);
    expect(warning?.sentences[1]).toContain(` ${setting}.`);
    expect(warning?.sentences[1]).toContain(until);
  });
});
