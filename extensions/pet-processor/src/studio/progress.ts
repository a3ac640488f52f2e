import type { PortraitStage } from "../../../../app/http/storefront-api.ts";

export type Stage = "sending" | PortraitStage;

/** Where the bar stands at least once a stage has begun. */
const stageFloor: Record<Stage, number> = {
  sending: 0.04,
  waiting: 0.12,
  cutting_out: 0.22,
  painting: 0.36,
  saving: 0.9,
};
/** As far as the bar comes by sending alone, when a large photo makes that the long part. */
const sentCeiling = 0.3;
const ceiling = 0.97;

export type Progress = {
  /** From 0 up to just under 1; never less than it was. */
  fraction: number;
  /** Milliseconds still to be expected; null where nothing is measured, 0 once the measured time is over. */
  leftMs: number | null;
};

export const noProgress: Progress = Object.freeze({ fraction: 0, leftMs: null });

/**
 * The bar follows what is known: the stage that the server reports, and the measured time from the moment it was named.
 * It slows down toward the end instead of stopping there, and only the portrait itself fills it.
 */
export function advance(
  before: Progress,
  now: {
    stage: Stage;
    /** How much of the photo has gone out, from 0 to 1. */
    sent?: number;
    estimate: { ms: number; startFraction: number; elapsedMs: number } | null;
  },
): Progress {
  const { stage, sent = 0, estimate } = now;
  const bySending = stage === "sending" ? sent * sentCeiling : 0;
  const byStage = Math.max(before.fraction, stageFloor[stage], bySending);
  if (!estimate || estimate.ms <= 0) return { fraction: Math.min(ceiling, byStage), leftMs: null };
  const share = estimate.elapsedMs / estimate.ms;
  const byTime = estimate.startFraction + (ceiling - estimate.startFraction) * (1 - Math.exp(-2 * share));
  return {
    fraction: Math.min(ceiling, Math.max(byStage, byTime)),
    leftMs: Math.max(0, estimate.ms - estimate.elapsedMs),
  };
}
