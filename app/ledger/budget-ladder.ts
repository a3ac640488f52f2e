import type { MicroUsd } from "#app/kernel/money.ts";

/**
 * How a day's money runs out: step by step and not all at once. What is left is kept for pictures that nobody has yet, and
 * made to last with a cheaper model; in the end there is what has been painted already, and orders that are painted later.
 */
export type BudgetRung = "all" | "cheaper-model" | "no-new-takes" | "cached-only";

/** From which share of the day's money each rung holds. */
export const budgetLadder = Object.freeze({ cheaperModel: 0.7, noNewTakes: 0.85, cachedOnly: 1 });

/**
 * @param committedMicroUsd - spent and set aside on that day
 * @param limitMicroUsd - the day's money; with none at all, only what costs nothing is painted
 */
export function budgetRung(committedMicroUsd: MicroUsd, limitMicroUsd: MicroUsd): BudgetRung {
  if (committedMicroUsd === 0) return "all";
  if (committedMicroUsd >= limitMicroUsd * budgetLadder.cachedOnly) return "cached-only";
  if (committedMicroUsd >= limitMicroUsd * budgetLadder.noNewTakes) return "no-new-takes";
  if (committedMicroUsd >= limitMicroUsd * budgetLadder.cheaperModel) return "cheaper-model";
  return "all";
}
