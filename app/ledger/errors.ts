import { nextUtcMidnightMs, nextUtcMonthMs } from "#app/kernel/clock.ts";
import { AppError } from "#app/kernel/errors.ts";
import type { BudgetName } from "./budget-decisions.ts";
import { isMonth } from "./budget-ladder.ts";

/**
 * @param by - the budget that has no room
 * @param day - the UTC day that it was asked for
 */
export function budgetSpent(by: BudgetName, day: string): AppError {
  return new AppError({
    code: "budget_spent",
    kind: "unavailable",
    publicMessage: `No more portraits can be painted ${isMonth(by) ? "this month" : "today"}. You can still order now, and we paint it after.`,
    retryAtMs: moneyAgainAtMs(by, day),
  });
}

/** When the budget begins anew, milliseconds since the epoch. */
export function moneyAgainAtMs(by: BudgetName, day: string): number {
  const dayMs = Date.parse(day);
  return isMonth(by) ? nextUtcMonthMs(dayMs) : nextUtcMidnightMs(dayMs);
}
