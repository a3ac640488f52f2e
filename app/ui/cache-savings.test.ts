import { describe, expect, it } from "vitest";
import { averagePrice, cacheSavings, hitShare } from "./cache-savings.ts";

describe("what the cache saved", () => {
  it("is each hit at the average price of a painted portrait, failed attempts included", () => {
    const figures = { portraits: 1284, cacheHits: 391, costMicroUsd: 35_217_400 };
    expect(averagePrice(figures)).toBe(39_400);
    expect(cacheSavings(figures)).toBe(15_420_000);
    expect(hitShare(figures)).toBe(30);
  });

  it("is not told where there is no price to go by", () => {
    expect(cacheSavings({ portraits: 4, cacheHits: 4, costMicroUsd: 0 })).toBeNull();
    expect(cacheSavings({ portraits: 4, cacheHits: 4, costMicroUsd: 40_000 })).toBeNull();
    expect(cacheSavings({ portraits: 4, cacheHits: 2, costMicroUsd: 0 })).toBeNull();
    expect(averagePrice({ portraits: 0, cacheHits: 0, costMicroUsd: 40_000 })).toBeNull();
  });

  it("is not told where there was no hit, although there is a price", () => {
    const figures = { portraits: 2, cacheHits: 0, costMicroUsd: 77_400 };
    expect(averagePrice(figures)).toBe(38_700);
    expect(cacheSavings(figures)).toBeNull();
  });

  it("has no share of nothing", () => {
    expect(hitShare({ portraits: 0, cacheHits: 0 })).toBeNull();
    expect(hitShare({ portraits: 3, cacheHits: 3 })).toBe(100);
  });
});
