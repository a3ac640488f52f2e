import { painterBusy } from "./errors.ts";
import type { PainterGuard } from "./painter-guard.ts";
import type { Painter } from "./painter.ts";

/** The painters of a house, each within its guard: the usual one first, cheaper ones after it. */
export type GuardedPainter = { painter: Painter; guard: PainterGuard };

/** @returns undefined for a model that was offered once and no longer is */
export function findPainter(painters: readonly GuardedPainter[], model: string): GuardedPainter | undefined {
  return painters.find(({ painter }) => painter.model === model);
}

/**
 * Who paints a new portrait. While the usual painter is known to be down, the next one does: it is chosen before the
 * portrait is written down, so that the picture's key still names who really painted it.
 *
 * @param onlyCheaper - the day's money is running out; a house with one painter has nobody cheaper
 * @throws AppError `busy` with the first moment at which somebody can be asked
 */
export function choosePainter(painters: readonly GuardedPainter[], onlyCheaper: boolean): GuardedPainter {
  const candidates = onlyCheaper && painters.length > 1 ? painters.slice(1) : painters;
  const free = candidates.find(({ guard }) => guard.busyUntilMs() === null);
  if (free !== undefined) return free;
  throw painterBusy(Math.min(...candidates.map(({ guard }) => guard.busyUntilMs() ?? 0)), "no painter can be asked");
}
