import type { MicroUsd } from "#app/kernel/money.ts";
import { budgetNames, type BudgetLimits, type BudgetName, type BudgetSums } from "./budget-decisions.ts";

/**
 * How a day's money runs out: step by step and not all at once. What is left is kept for pictures that nobody has yet, and
 * made to last with a cheaper model; in the end there is what has been painted already, and orders that are painted later.
 */
export type BudgetRung = "all" | "cheaper-model" | "no-new-takes" | "cached-only";

/** From which share of the day's money each rung holds. */
export const budgetLadder = Object.freeze({ cheaperModel: 0.7, noNewTakes: 0.85, cachedOnly: 1 });

/** Where the money stands, and which budget says so. */
export type BudgetStanding = { rung: BudgetRung; by: BudgetName };

/**
 * The tighter of all budgets counts. A month has the last rung only: with steps, a month that is spent as planned would be
 * painted with the cheaper model for its last nine days.
 *
 * @param committed - spent and set aside
 */
export function budgetStanding(committed: BudgetSums, limits: BudgetLimits): BudgetStanding {
  let tightest: BudgetStanding = { rung: "all", by: "shopDay" };
  for (const by of budgetNames) {
    const rung = rungOf(by, committed[by], limits[by]);
    if (steps.indexOf(rung) > steps.indexOf(tightest.rung)) tightest = { rung, by };
  }
  return tightest;
}

/** @param limitMicroUsd - the day's money; with none at all, only what costs nothing is painted */
export function dayRung(committedMicroUsd: MicroUsd, limitMicroUsd: MicroUsd): BudgetRung {
  if (committedMicroUsd === 0) return "all";
  if (committedMicroUsd >= limitMicroUsd * budgetLadder.cachedOnly) return "cached-only";
  if (committedMicroUsd >= limitMicroUsd * budgetLadder.noNewTakes) return "no-new-takes";
  if (committedMicroUsd >= limitMicroUsd * budgetLadder.cheaperModel) return "cheaper-model";
  return "all";
}

const steps: readonly BudgetRung[] = ["all", "cheaper-model", "no-new-takes", "cached-only"];

function rungOf(name: BudgetName, committedMicroUsd: MicroUsd, limit: MicroUsd | null): BudgetRung {
  if (limit === null) return "all";
  const rung = dayRung(committedMicroUsd, limit);
  return isMonth(name) && rung !== "cached-only" ? "all" : rung;
}

export const isMonth = (name: BudgetName): boolean => name === "shopMonth" || name === "installationMonth";
