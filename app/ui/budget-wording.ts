import { nextUtcMonthMs } from "#app/kernel/clock.ts";
import type { MicroUsd } from "#app/kernel/money.ts";
import type { BudgetRung, BudgetStanding } from "#app/ledger/budget-ladder.ts";
import type { MonthForecast } from "#app/ledger/month-forecast.ts";
import type { ShopBudget } from "#app/ledger/shop-budget.ts";

/** How a merchant is told where the money stands, and what there is to do about it. */

export type RungWords = { badge: string; tone: "success" | "info" | "warning" | "critical"; sentence: string };

const rungs: Record<BudgetRung, RungWords> = {
  all: { badge: "Painting as usual", tone: "success", sentence: "Every portrait is painted with the usual model." },
  "cheaper-model": {
    badge: "Cheaper model",
    tone: "info",
    sentence: "The budget is running low: the cheaper model paints, so that it lasts for more portraits.",
  },
  "no-new-takes": {
    badge: "No new versions",
    tone: "warning",
    sentence: "The budget is nearly spent: each photo is painted once, and further versions have to wait.",
  },
  "cached-only": {
    badge: "Budget spent",
    tone: "critical",
    sentence: "Portraits that were painted before are still shown; new ones can be ordered and are painted later.",
  },
};

/** @returns the rung in words; with whose budget it is, where that is not the shop's own day */
export function rungWords({ rung, by }: BudgetStanding): RungWords {
  const words = rungs[rung];
  if (rung === "all" || by === "shopDay") return words;
  const whose = by === "shopMonth" ? "This is the month's budget." : "This is the budget that all shops share.";
  // Beside a day with money left, "spent" would be a riddle.
  const badge = rung === "cached-only" ? "Painting paused" : words.badge;
  return { ...words, badge, sentence: `${words.sentence} ${whose}` };
}

const cent = 10_000;
const dayMs = 24 * 60 * 60_000;

/** `$1,234.56`, rounded down: what is not spent yet is never shown as spent. */
export function dollars(value: MicroUsd): string {
  if (value > 0 && value < cent) return "under $0.01";
  const cents = Math.floor(value / cent) / 100;
  return cents.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

/** Whole per cent for a bar, at most 100; a budget of nothing is used up by the first micro-dollar. */
export function shareOf(value: MicroUsd, limit: MicroUsd): number {
  if (limit === 0) return value === 0 ? 0 : 100;
  return Math.min(100, Math.floor((100 * value) / limit));
}

/** `the last 7 full days` */
export function basisWords({ restsOn }: MonthForecast): string {
  if ("hoursOfToday" in restsOn) return `the first ${restsOn.hoursOfToday} hours of today`;
  return restsOn.fullDays === 1 ? "yesterday" : `the last ${restsOn.fullDays} full days`;
}

/** `31 March` */
export const lastDayOfMonth = (nowMs: number): string => dayName(nextUtcMonthMs(nowMs) - 1);
export const firstDayOfNextMonth = (nowMs: number): string => dayName(nextUtcMonthMs(nowMs));
const dayName = (atMs: number): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" }).format(atMs);

export type BudgetWarning = { tone: "critical" | "warning"; title: string; sentences: string[] };

const stillThere =
  "Shoppers still see portraits that were painted before, and can order a new one now and have it painted later.";

/** @returns the gravest thing that there is to say, or undefined */
export function budgetWarning(budget: ShopBudget, nowMs: number): BudgetWarning | undefined {
  const { standing, month } = budget;
  if (standing.rung === "cached-only") return spentWarning(standing.by, nowMs);
  const { forecast, limitMicroUsd: limit, spentMicroUsd: spent } = month;
  if (limit === null || forecast === null || forecast.microUsd <= limit) return undefined;
  const pace = (forecast.microUsd - spent) / (nextUtcMonthMs(nowMs) - nowMs);
  const spentOn = dayName(nowMs + (limit - spent) / pace);
  return {
    tone: "warning",
    title: `This month is heading for ${dollars(forecast.microUsd)}, past its budget of ${dollars(limit)}`,
    sentences: [
      `If days go on like ${basisWords(forecast)}, the budget is spent on ${spentOn}. Nothing new is painted then until ${firstDayOfNextMonth(nowMs)}; shoppers can still order, and their portraits are painted later.`,
      `To go on painting, raise MONTHLY_BUDGET_USD.${advice(limit - spent, budget.day.limitMicroUsd, nowMs)}`,
    ],
  };
}

/** A smaller day that makes the month last, where that is still a day worth having. */
function advice(left: MicroUsd, dayLimit: MicroUsd | null, nowMs: number): string {
  const daysLeft = Math.max(1, (nextUtcMonthMs(nowMs) - nowMs) / dayMs);
  const lasts = Math.floor(left / daysLeft / cent) * cent;
  if (dayLimit === null || lasts < dayLimit / 4 || lasts >= dayLimit) return "";
  return ` To make it last, set DAILY_BUDGET_USD to ${dollars(lasts)}.`;
}

const isMonth = (by: BudgetStanding["by"]): boolean => by === "shopMonth" || by === "installationMonth";

function spentWarning(by: BudgetStanding["by"], nowMs: number): BudgetWarning {
  const until = isMonth(by) ? `on ${firstDayOfNextMonth(nowMs)} at 00:00 UTC` : "at 00:00 UTC";
  const own = by === "shopDay" || by === "shopMonth";
  const setting = `${own ? "" : "INSTALLATION_"}${isMonth(by) ? "MONTHLY" : "DAILY"}_BUDGET_USD`;
  const period = isMonth(by) ? "This month's" : "Today's";
  return {
    tone: "critical",
    title: own ? `${period} budget is spent` : `${period} budget of all shops together is spent`,
    sentences: [stillThere, `Painting begins again ${until}. To paint before, raise ${setting}.`],
  };
}
