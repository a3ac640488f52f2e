import type { Clock } from "#app/kernel/clock.ts";
import { isActive, type PortraitRecord, type PortraitRecords } from "./portrait-records.ts";

/**
 * How long a portrait still takes, measured: the median of the newest makings by the same model, less what has passed.
 * It is null where nothing has been measured yet and never an invented number.
 */
export type Estimator = { remainingMs(portrait: PortraitRecord): Promise<number | null> };

const sample = 50;
/** The median of fifty does not move within this time, milliseconds; every poll asks for it. */
const freshForMs = 5_000;

export function createEstimator({ records, clock }: { records: PortraitRecords; clock: Clock }): Estimator {
  const medians = new Map<string, { value: Promise<number | null>; readAtMs: number }>();

  const medianOf = (model: string): Promise<number | null> => {
    const known = medians.get(model);
    if (known !== undefined && clock.nowMs() - known.readAtMs < freshForMs) return known.value;
    const value = records.medianMakingMs(model, sample);
    medians.set(model, { value, readAtMs: clock.nowMs() });
    value.catch(() => medians.delete(model));
    return value;
  };

  return Object.freeze({
    async remainingMs(portrait: PortraitRecord) {
      if (!isActive(portrait)) return null;
      const median = await medianOf(portrait.model);
      if (median === null) return null;
      const passedMs = portrait.startedAtMs === null ? 0 : clock.nowMs() - portrait.startedAtMs;
      return Math.max(0, Math.round(median - passedMs));
    },
  });
}
