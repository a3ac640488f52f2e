import { microUsd, type MicroUsd } from "#app/kernel/money.ts";
import type { UsageFigures } from "#app/ledger/usage-report.ts";

/** An average is shown no more exactly than this: to a hundredth of a cent, past a dollar to the cent. */
const fineStep = 100;
const coarseStep = 10_000;
const dollar = 1_000_000;

type Money = Pick<UsageFigures, "portraits" | "cacheHits" | "costMicroUsd">;

/**
 * What a portrait that was painted came to on average, failed attempts included.
 * @returns null where nothing was painted or nothing was paid: then there is no price to go by
 */
export function averagePrice(figures: Money): MicroUsd | null {
  const average = exactAverage(figures);
  return average === null ? null : readable(average);
}

/**
 * What the hits would have cost, each at the average price.
 * @returns null where there is no price, or no hit
 */
export function cacheSavings(figures: Money): MicroUsd | null {
  const average = exactAverage(figures);
  return average === null || figures.cacheHits === 0 ? null : readable(average * figures.cacheHits);
}

/** Whole per cent of the portraits that came from the cache; null where there are no portraits. */
export function hitShare({ portraits, cacheHits }: Pick<Money, "portraits" | "cacheHits">): number | null {
  return portraits === 0 ? null : Math.round((100 * cacheHits) / portraits);
}

function exactAverage({ portraits, cacheHits, costMicroUsd }: Money): number | null {
  const painted = portraits - cacheHits;
  return painted <= 0 || costMicroUsd === 0 ? null : costMicroUsd / painted;
}

function readable(value: number): MicroUsd {
  const step = value >= dollar ? coarseStep : fineStep;
  return microUsd(Math.round(value / step) * step);
}
