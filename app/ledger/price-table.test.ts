import { describe, expect, it } from "vitest";
import { noTokens } from "#app/kernel/token-counts.ts";
import { geminiPriceList, geminiPrices, mostOutputTokens } from "./gemini-prices.ts";
import { createPriceTable, previewPrice } from "./price-table.ts";

const day = "2026-11-24";

describe("the price table", () => {
  it("knows that the preview painter costs nothing, and since when", () => {
    const price = createPriceTable([previewPrice]).priceOf("preview-1", day);
    expect([price.highestMicroUsd, price.costMicroUsd(null), price.priceTable]).toEqual([0, 0, "2026-11-24"]);
  });

  it("refuses a model without a price: an unknown price is never zero", () => {
    const table = createPriceTable([previewPrice]);
    expect(() => table.priceOf("some-new-model", day)).toThrow(/no price for the model "some-new-model"/);
    expect(() => table.priceOf("preview-1", "2025-12-31")).toThrow(/on 2025-12-31/);
  });

  it("takes the price that held on the day, whatever came after", () => {
    const rise = { ...previewPrice, holdsFrom: "2026-12-01", highestMicroUsd: 5 };
    const table = createPriceTable([rise, previewPrice]);
    expect([day, "2026-12-01"].map((at) => table.priceOf("preview-1", at).highestMicroUsd)).toEqual([0, 5]);
  });
});

describe("Google's prices", () => {
  const priceOf = (model: string, size: "1K" | "2K" | "4K" = "1K") =>
    createPriceTable(geminiPrices(size)).priceOf(model, day);

  // What the price list and two published bills say of whole pictures, US dollars.
  it.each([
    ["gemini-nano-banana-2.1", { outputImage: 1120 }, 33_600],
    ["gemini-nano-banana-2.1", { outputImage: 1680 }, 50_400],
    ["gemini-nano-banana-2.1", { outputImage: 3780 }, 113_400],
    ["gemini-nano-banana-2.1", { inputImage: 1120, outputImage: 1120, thinking: 900 }, 42_030],
    ["gemini-3.1-flash-lite-image", { inputText: 21, outputImage: 1120 }, 33_606],
    ["gemini-3-pro-image", { outputImage: 1120 }, 134_400],
    ["gemini-3-pro-image", { outputImage: 2000 }, 240_000],
  ])("of %s for %o is %i micro-dollars", (model, tokens, microUsd) => {
    expect(priceOf(model).costMicroUsd({ ...noTokens, ...tokens })).toBe(microUsd);
  });

  it("never make a call dearer than what was held for it, whatever it used within the bounds of the request", () => {
    for (const { model } of geminiPriceList) {
      const price = priceOf(model);
      const most = mostOutputTokens(model, "1K") ?? 0;
      for (const kind of ["outputText", "outputImage", "thinking"] as const) {
        const tokens = { ...noTokens, inputImage: 3 * 1290, inputText: 2_000, [kind]: most };
        expect(price.costMicroUsd(tokens)).toBeLessThanOrEqual(price.highestMicroUsd);
      }
    }
  });

  it("count a call that reported nothing with its highest price", () => {
    const price = priceOf("gemini-nano-banana-2.1");
    expect(price.costMicroUsd(null)).toBe(price.highestMicroUsd);
  });

  it("are not known for a size that a model does not make", () => {
    expect(mostOutputTokens("gemini-3.1-flash-lite-image", "4K")).toBeUndefined();
    expect(() => priceOf("gemini-3.1-flash-lite-image", "2K")).toThrow(/no price/);
  });
});
