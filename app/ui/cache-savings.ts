import { microUsd, type MicroUsd } from "#app/kernel/money.ts";
import type { UsageFigures } from "#app/ledger/usage-report.ts";

/**
 * What the hits would have cost: each at the average cost of a portrait that was painted, failed attempts included.
 * @returns null where nothing was saved, or where nothing was painted and there is no price to go by
 */
export function cacheSavings(figures: Pick<UsageFigures, "portraits" | "cacheHits" | "costMicroUsd">): MicroUsd | null {
  const painted = figures.portraits - figures.cacheHits;
  if (painted <= 0 || figures.costMicroUsd === 0 || figures.cacheHits === 0) return null;
  return microUsd(Math.round((figures.costMicroUsd * figures.cacheHits) / painted));
}

/** Whole per cent of the portraits that came from the cache; null where there are no portraits. */
export function hitShare(figures: Pick<UsageFigures, "portraits" | "cacheHits">): number | null {
  return figures.portraits === 0 ? null : Math.round((100 * figures.cacheHits) / figures.portraits);
}
