import { describe, expect, it } from "vitest";
import { readConfig } from "./config.server.ts";
import { oddBudgets } from "./money-settings.server.ts";

const budgets = (environment: Record<string, string> = {}) => readConfig(environment).budgets;

describe("the settings of the money", () => {
  it("bind a shop's day and the installation's without being set, and no month", () => {
    const [shopDay, installationDay] = [10_000_000, 100_000_000];
    expect(budgets()).toEqual({ shopDay, installationDay, shopMonth: null, installationMonth: null });
  });

  it("never keep one shop from the day that it was given because nobody named the installation's", () => {
    expect(budgets({ DAILY_BUDGET_USD: "250" })).toMatchObject({ shopDay: 250_000_000, installationDay: 250_000_000 });
  });

  it("may be nothing at all: then only what costs nothing is painted", () => {
    expect(budgets({ DAILY_BUDGET_USD: "0", MONTHLY_BUDGET_USD: "0" })).toMatchObject({ shopDay: 0, shopMonth: 0 });
  });

  it("are refused where they are no amount", () => {
    const wrong = { INSTALLATION_DAILY_BUDGET_USD: "-1", INSTALLATION_MONTHLY_BUDGET_USD: "much" };
    expect(() => readConfig(wrong)).toThrow(/INSTALLATION_DAILY_BUDGET_USD[^]*INSTALLATION_MONTHLY_BUDGET_USD/);
  });

  it.each([
    [{}, 0],
    [{ INSTALLATION_DAILY_BUDGET_USD: "10" }, 0],
    [{ INSTALLATION_DAILY_BUDGET_USD: "9.99" }, 1],
    [{ MONTHLY_BUDGET_USD: "200", INSTALLATION_MONTHLY_BUDGET_USD: "199" }, 1],
    [{ MONTHLY_BUDGET_USD: "9" }, 1],
    [{ DAILY_BUDGET_USD: "50", INSTALLATION_DAILY_BUDGET_USD: "5", INSTALLATION_MONTHLY_BUDGET_USD: "20" }, 2],
  ])("are odd where a smaller one ends before them: %o", (environment, sentences) => {
    expect(oddBudgets(budgets(environment))).toHaveLength(sentences);
  });
});
