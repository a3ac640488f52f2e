import { utcDay, type Clock } from "#app/kernel/clock.ts";
import type { MicroUsd } from "#app/kernel/money.ts";
import type { BudgetLimits } from "./budget-decisions.ts";
import { budgetStanding, type BudgetStanding } from "./budget-ladder.ts";
import type { BudgetStore } from "./budget-store.ts";
import { monthSpending, neededFrom, type MonthSpending } from "./month-forecast.ts";
import type { SpendingReport } from "./spending-report.ts";

/** A shop's money as its merchant sees it. What other shops spend is none of their business; that it binds them is. */
export type ShopBudget = {
  standing: BudgetStanding;
  day: { spentMicroUsd: MicroUsd; setAsideMicroUsd: MicroUsd; limitMicroUsd: MicroUsd | null };
  month: MonthSpending & { limitMicroUsd: MicroUsd | null };
};

export type ShopBudgetParts = {
  budget: BudgetStore;
  spending: SpendingReport;
  budgets: BudgetLimits;
  clock: Clock;
};

export async function readShopBudget(parts: ShopBudgetParts, shop: string): Promise<ShopBudget> {
  const nowMs = parts.clock.nowMs();
  const today = utcDay(nowMs);
  const [committed, spending] = await Promise.all([
    parts.budget.committed(shop, today, nowMs),
    parts.spending.since(shop, neededFrom(nowMs)),
  ]);
  const spentMicroUsd = spending.days.find(({ day }) => day === today)?.microUsd ?? 0;
  // The two are read one after the other; a call that was settled in between is not shown as less than nothing.
  const setAsideMicroUsd = Math.max(0, committed.shopDay - spentMicroUsd);
  return {
    standing: budgetStanding(committed, parts.budgets),
    day: { spentMicroUsd, setAsideMicroUsd, limitMicroUsd: parts.budgets.shopDay },
    month: { ...monthSpending(spending, nowMs), limitMicroUsd: parts.budgets.shopMonth },
  };
}
