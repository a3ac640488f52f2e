import { createPriceTable, type ModelPrice, type PriceTable } from "#app/ledger/price-table.ts";

/** A price for the quick painter, and for others by their model; micro-dollars a call. */
export function pricedAt(microUsd: number, others: Record<string, number> = {}): PriceTable {
  return createPriceTable(
    Object.entries({ "preview-1": microUsd, ...others }).map(([model, price]) => priceOf(model, price)),
  );
}

function priceOf(model: string, microUsd: number): ModelPrice {
  return {
    model,
    holdsFrom: "2020-01-01",
    priceTable: "test",
    source: "test",
    highestMicroUsd: microUsd,
    costMicroUsd: () => microUsd,
  };
}
