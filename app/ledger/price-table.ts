import { AppError } from "#app/kernel/errors.ts";
import { microUsd, type MicroUsd } from "#app/kernel/money.ts";
import type { TokenCounts } from "#app/kernel/token-counts.ts";

/**
 * What a painter's call costs. Every model that may be used has a price, with the UTC day from which it holds and where it
 * was read; a model without one is refused at start, because an unknown price is never zero.
 */
export type ModelPrice = {
  model: string;
  /** UTC day from which it holds, `YYYY-MM-DD`. A price that changes is another row; the old one stays. */
  holdsFrom: string;
  /** Version of the table that the price stands in; kept with every attempt. */
  priceTable: string;
  source: string;
  /** The most that one call can come to. Reserved before the call. */
  highestMicroUsd: MicroUsd;
  /** What a call came to, from what the provider reported. A call that reported nothing is worth its highest price. */
  costMicroUsd(tokens: TokenCounts | null): MicroUsd;
};

export type PriceTable = {
  /** @param day - UTC day, `YYYY-MM-DD`: a call costs what held on its day */
  priceOf(model: string, day: string): ModelPrice;
};

/** Drawn by this app, for nothing. */
export const previewPrice: ModelPrice = Object.freeze({
  model: "preview-1",
  holdsFrom: "2026-01-01",
  priceTable: "2026-11-24",
  source: "drawn by this app",
  highestMicroUsd: microUsd(0),
  costMicroUsd: () => microUsd(0),
});

/** @throws AppError `bug` for a model that has no price on that day */
export function createPriceTable(prices: readonly ModelPrice[]): PriceTable {
  const newestFirst = prices.toSorted((a, b) => (a.holdsFrom < b.holdsFrom ? 1 : -1));
  return Object.freeze({
    priceOf(model: string, day: string): ModelPrice {
      const price = newestFirst.find((row) => row.model === model && row.holdsFrom <= day);
      if (price !== undefined) return price;
      throw new AppError({
        code: "no_price",
        kind: "bug",
        publicMessage: "Portraits cannot be painted right now.",
        message: `There is no price for the model "${model}" on ${day} in the price table.`,
      });
    },
  });
}
