import type { DaySpending } from "./month-forecast.ts";

/** What days have come to, of a shop or (null) of the whole installation; settled money only. */
export interface SpendingReport {
  /**
   * The UTC days from `from` on, oldest first; those without spending are left out.
   * @returns `firstDay`: the first that ever cost anything, or null
   */
  since(shop: string | null, from: string): Promise<{ days: DaySpending[]; firstDay: string | null }>;
  /** Shops that have spent something on that day. */
  shopsOn(day: string): Promise<string[]>;
  /**
   * Whether this is the first time that somebody is told of it on that day: true once, whichever instance asks.
   * @param what - a name for it
   */
  isFirstToTell(shop: string | null, day: string, what: string): Promise<boolean>;
}
