import { describe, expect, it } from "vitest";
import { createPriceTable } from "./price-table.ts";

describe("the price table", () => {
  it("knows that the preview painter costs nothing, and since when", () => {
    const price = createPriceTable().priceOf("preview-1");
    expect([price.highestMicroUsd, price.costMicroUsd(null), price.priceTable]).toEqual([0, 0, "2026-11-24"]);
  });

  it("refuses a model without a price: an unknown price is never zero", () => {
    expect(() => createPriceTable().priceOf("some-new-model")).toThrow(/no price for the model "some-new-model"/);
  });
});
