import { utcDay, type Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import type { MicroUsd } from "#app/kernel/money.ts";
import type { BudgetLimits } from "./budget-decisions.ts";
import { budgetLadder } from "./budget-ladder.ts";
import type { BudgetStore } from "./budget-store.ts";
import { monthSpending, neededFrom } from "./month-forecast.ts";
import type { SpendingReport } from "./spending-report.ts";

export type WatchBudgetsParts = {
  budget: BudgetStore;
  spending: SpendingReport;
  budgets: BudgetLimits;
  clock: Clock;
  log: Log;
};

/**
 * Tells the log, once a UTC day whichever instance looks, when the installation's day is nearly spent and when a month is
 * on its way past its budget. Alarms listen to exactly these words.
 */
export async function watchBudgets(parts: WatchBudgetsParts): Promise<void> {
  await watchDay(parts);
  const { shopMonth, installationMonth } = parts.budgets;
  if (installationMonth !== null) await watchMonth(parts, null, installationMonth);
  if (shopMonth === null) return;
  // A shop that spends nothing today has no forecast that is news.
  for (const shop of await parts.spending.shopsOn(utcDay(parts.clock.nowMs())))
    await watchMonth(parts, shop, shopMonth);
}

async function watchDay({ budget, spending, budgets, clock, log }: WatchBudgetsParts): Promise<void> {
  const budgetMicroUsd = budgets.installationDay;
  if (budgetMicroUsd === null) return;
  const nowMs = clock.nowMs();
  const day = utcDay(nowMs);
  const { installationDay: committedMicroUsd } = await budget.committed(null, day, nowMs);
  if (committedMicroUsd === 0 || committedMicroUsd < budgetMicroUsd * budgetLadder.noNewTakes) return;
  const message = "installation budget nearly spent";
  if (await spending.isFirstToTell(null, day, message)) log.warn(message, { day, committedMicroUsd, budgetMicroUsd });
}

/** @param shop - null for the whole installation */
async function watchMonth(
  { spending, clock, log }: WatchBudgetsParts,
  shop: string | null,
  budgetMicroUsd: MicroUsd,
): Promise<void> {
  const nowMs = clock.nowMs();
  const { spentMicroUsd, forecast } = monthSpending(await spending.since(shop, neededFrom(nowMs)), nowMs);
  if (forecast === null || forecast.microUsd <= budgetMicroUsd) return;
  const message = "month forecast over budget";
  if (!(await spending.isFirstToTell(shop, utcDay(nowMs), message))) return;
  const of = shop === null ? { of: "installation" } : { of: "shop", shop };
  log.warn(message, { ...of, spentMicroUsd, forecastMicroUsd: forecast.microUsd, budgetMicroUsd });
}
