import { advance, noProgress, type Progress, type Stage } from "./progress.ts";
import type { StudioState } from "./studio-state.ts";

export type ProgressClock = {
  /** Starts, goes on or stops with the state. */
  follow(state: StudioState): void;
  /** While the photo is being sent: how much of it has gone out, from 0 to 1. */
  sent(share: number): void;
};

export type ProgressNews = { stage: Stage; progress: Progress; isLate: boolean };

const tickMs = 300;
/** Past the measured time by this much, we say that it takes longer instead of promising again. */
const lateAfter = 1.5;

/** Turns the server's stages and estimates into a bar that moves between two answers. */
export function createProgressClock(now: () => number, onTick: (news: ProgressNews) => void): ProgressClock {
  let timer = 0;
  let progress = noProgress;
  let sentShare = 0;
  let stage: Stage = "sending";
  let estimate: { ms: number; startFraction: number; sinceMs: number } | null = null;

  function tick(): void {
    const elapsedMs = estimate ? now() - estimate.sinceMs : 0;
    progress = advance(progress, { stage, sent: sentShare, estimate: estimate && { ...estimate, elapsedMs } });
    onTick({ stage, progress, isLate: estimate !== null && elapsedMs > estimate.ms * lateAfter });
  }

  function follow(state: StudioState): void {
    if (state.kind !== "working") {
      clearInterval(timer);
      timer = 0;
      progress = noProgress;
      sentShare = 0;
      estimate = null;
      return;
    }
    const { portrait } = state;
    stage = portrait === null ? "sending" : (portrait.stage ?? "waiting");
    const ms = portrait?.estimate_ms;
    if (ms) estimate = { ms, startFraction: progress.fraction, sinceMs: now() };
    timer ||= window.setInterval(tick, tickMs);
    tick();
  }

  return Object.freeze({ follow, sent: (share: number) => void (sentShare = share) });
}
