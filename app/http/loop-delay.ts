import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * Whether the process keeps up. Everything that it answers waits for turns of one loop; when turns are late, each request
 * costs many of them, and taking on more makes all of them later. Judged by the median of the turns of a second and not by
 * the slowest: a collection of garbage, a start or a machine that stood still makes one turn late, and too much work makes
 * all of them late.
 */
export type LoopHealth = {
  isLate: boolean;
  /** Seconds in a row that spoke for the opposite. */
  against: number;
};

export const healthyLoop: LoopHealth = Object.freeze({ isLate: false, against: 0 });

/** Of the median turn, milliseconds: late from here on, in time again below the second. */
export const lateMs = 250;
export const inTimeMs = 60;
/** Seconds in a row that it takes to think otherwise: a rush that is over before it can be shed is not worth shedding. */
export const secondsToTurn = 3;

/** @param delayMs - of the median turn of the last second */
export function judgeLoop({ isLate, against }: LoopHealth, delayMs: number): LoopHealth {
  const speaksAgainst = isLate ? delayMs < inTimeMs : delayMs >= lateMs;
  if (!speaksAgainst) return { isLate, against: 0 };
  return against + 1 < secondsToTurn ? { isLate, against: against + 1 } : { isLate: !isLate, against: 0 };
}

export type LoopWatch = {
  isLate(): boolean;
  stop(): void;
};

/** Between two looks of the histogram at the loop, milliseconds; it counts them as delay. */
const resolutionMs = 20;

/** @param onTurn - told when the loop has become late, and when it is in time again */
export function watchLoop(onTurn: (facts: { isLate: boolean; delayMs: number }) => void): LoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let health = healthyLoop;
  const timer = setInterval(() => {
    const delayMs = Math.max(0, histogram.percentile(50) / 1e6 - resolutionMs);
    histogram.reset();
    const before = health;
    health = judgeLoop(health, delayMs);
    if (health.isLate !== before.isLate) onTurn({ isLate: health.isLate, delayMs: Math.round(delayMs) });
  }, 1_000);
  timer.unref();
  return Object.freeze({
    isLate: () => health.isLate,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  });
}
