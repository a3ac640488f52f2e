/**
 * Time as everything else in the house sees it. Stories and concepts are given a clock, so that a test can stand at one
 * millisecond before UTC midnight; only this file may read the machine's own.
 */
export type Clock = {
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number;
  now(): Date;
};

export const systemClock: Clock = Object.freeze({
  nowMs: () => Date.now(),
  now: () => new Date(),
});

/** The UTC calendar day of an instant, `YYYY-MM-DD`. Quotas and budgets are counted by it. */
export function utcDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** The first instant of the next UTC day, in milliseconds since the epoch. */
export function nextUtcMidnightMs(atMs: number): number {
  const dayMs = 24 * 60 * 60 * 1000;
  return Math.floor(atMs / dayMs) * dayMs + dayMs;
}

/** The UTC month of a UTC day, `YYYY-MM`. */
export const utcMonth = (day: string): string => day.slice(0, 7);

/** The first instant of the next UTC month, in milliseconds since the epoch. */
export function nextUtcMonthMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}
