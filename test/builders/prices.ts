import { createPriceTable, type ModelPrice, type PriceTable } from "#app/ledger/price-table.ts";

/** A price for the quick painter, micro-dollars a call. */
export function pricedAt(microUsd: number): PriceTable {
  const price: ModelPrice = {
    model: "preview-1",
    priceTable: "test",
    source: "test",
    highestMicroUsd: microUsd,
    costMicroUsd: () => microUsd,
  };
  return createPriceTable([price]);
}
