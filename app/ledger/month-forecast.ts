import { nextUtcMidnightMs, nextUtcMonthMs, utcDay, utcMonth } from "#app/kernel/clock.ts";
import { microUsd, type MicroUsd } from "#app/kernel/money.ts";

/** What was settled on a UTC day, `YYYY-MM-DD`. */
export type DaySpending = { day: string; microUsd: MicroUsd };

export type MonthSpending = { spentMicroUsd: MicroUsd; forecast: MonthForecast | null };

/** What the month comes to at its end if days go on like those that it rests on. */
export type MonthForecast = {
  microUsd: MicroUsd;
  restsOn: { fullDays: number } | { hoursOfToday: number };
};

/** A week, because weekends are not like other days; and not longer, because a shop changes. */
export const mostDays = 7;
/** Nothing is foretold from less, milliseconds: a morning's three portraits are no month. */
export const leastOfFirstDayMs = 6 * 60 * 60_000;

const dayMs = 24 * 60 * 60_000;

/**
 * The running UTC month: what it has come to, and that plus the usual day for each day that is left of it (of today, the
 * part that is left). The usual day is the mean of the last seven full days, or of as many as there have been since the
 * first that ever cost anything; days without spending in between count. On that first day itself it is what the hours so
 * far come to, and in its first hours nothing is foretold.
 *
 * @param days - in any order, at least those of this month and of the seven days before today; those without spending may
 *   be left out
 * @param firstDay - the first day that ever cost anything; null where none did
 */
export function monthSpending(
  { days, firstDay }: { days: readonly DaySpending[]; firstDay: string | null },
  nowMs: number,
): MonthSpending {
  const today = utcDay(nowMs);
  const spentMicroUsd = sumOf(days, ({ day }) => utcMonth(day) === utcMonth(today) && day <= today);
  const usual = firstDay === null ? null : usualDay(days, firstDay, nowMs);
  if (usual === null) return { spentMicroUsd, forecast: null };
  const daysLeft = (nextUtcMonthMs(nowMs) - nowMs) / dayMs;
  const forecast = microUsd(Math.round(spentMicroUsd + usual.microUsd * daysLeft));
  return { spentMicroUsd, forecast: { microUsd: forecast, restsOn: usual.restsOn } };
}

/** The first day that {@link monthSpending} needs to be told of. */
export function neededFrom(nowMs: number): string {
  const weekAgo = utcDay(nowMs - mostDays * dayMs);
  const monthBegan = `${utcMonth(utcDay(nowMs))}-01`;
  return weekAgo < monthBegan ? weekAgo : monthBegan;
}

function usualDay(days: readonly DaySpending[], firstDay: string, nowMs: number) {
  const todayBeganMs = nextUtcMidnightMs(nowMs) - dayMs;
  const today = utcDay(nowMs);
  const fullDays = Math.min(mostDays, Math.round((todayBeganMs - Date.parse(firstDay)) / dayMs));
  if (fullDays > 0) {
    const since = utcDay(todayBeganMs - fullDays * dayMs);
    const spent = sumOf(days, ({ day }) => day >= since && day < today);
    return { microUsd: spent / fullDays, restsOn: { fullDays } };
  }
  const passedMs = nowMs - todayBeganMs;
  if (passedMs < leastOfFirstDayMs) return null;
  const spent = sumOf(days, ({ day }) => day === today);
  return { microUsd: (spent * dayMs) / passedMs, restsOn: { hoursOfToday: Math.floor(passedMs / 3_600_000) } };
}

const sumOf = (days: readonly DaySpending[], isCounted: (of: DaySpending) => boolean): MicroUsd =>
  days.filter(isCounted).reduce((sum, of) => sum + of.microUsd, 0);
