import { AppError } from "#app/kernel/errors.ts";
import { microUsd, type MicroUsd } from "#app/kernel/money.ts";

/**
 * What a painter's call costs. Every model that may be used has a price, with the date from which it holds and where it
 * was read; a model without one is refused at start, because an unknown price is never zero.
 */
export type ModelPrice = {
  model: string;
  /** Version of the table that the price stands in; kept with every attempt. */
  priceTable: string;
  source: string;
  /** The most that one call can come to. Reserved before the call. */
  highestMicroUsd: MicroUsd;
  /** What a call came to, from what the provider reported. A call that reported nothing is worth its highest price. */
  costMicroUsd(tokens: { input: number; output: number; thinking: number } | null): MicroUsd;
};

export type PriceTable = { priceOf(model: string): ModelPrice };

const free: ModelPrice = {
  model: "preview-1",
  priceTable: "2026-11-24",
  source: "drawn by this app",
  highestMicroUsd: microUsd(0),
  costMicroUsd: () => microUsd(0),
};

/** @throws AppError `bug` for a model that has no price */
export function createPriceTable(prices: readonly ModelPrice[] = [free]): PriceTable {
  const byModel = new Map(prices.map((price) => [price.model, price]));
  return Object.freeze({
    priceOf(model: string): ModelPrice {
      const price = byModel.get(model);
      if (price !== undefined) return price;
      throw new AppError({
        code: "no_price",
        kind: "bug",
        publicMessage: "Portraits cannot be painted right now.",
        message: `There is no price for the model "${model}" in the price table.`,
      });
    },
  });
}
