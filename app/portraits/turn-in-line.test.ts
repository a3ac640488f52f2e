import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portraitTakesMs, turnInLine } from "./turn-in-line.ts";

const nowMs = Date.parse("2026-03-30T12:00:00Z");
const hour = 3_600_000;

describe("a portrait's turn", () => {
  it("is now where nobody of its shop waits, and one portrait's time later for each who does", () => {
    expect(turnInLine({ nowMs, shopsWaiting: 0 })).toBe(nowMs);
    expect(turnInLine({ nowMs, shopsWaiting: 3 })).toBe(nowMs + 3 * portraitTakesMs);
  });

  it("comes before everybody who browses once it is ordered, in the order of the orders", () => {
    const ordered = turnInLine({ nowMs, shopsWaiting: 500, isOrdered: true });
    expect(ordered).toBeLessThan(turnInLine({ nowMs: nowMs - 12 * hour, shopsWaiting: 0 }));
    expect(ordered).toBeLessThan(turnInLine({ nowMs: nowMs + 1, shopsWaiting: 0, isOrdered: true }));
  });

  it("never lets a shop that is full go before one that is empty, and lets it go before who comes much later", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: hour }), (shopsWaiting, laterMs) => {
        const crowded = turnInLine({ nowMs, shopsWaiting });
        const other = turnInLine({ nowMs: nowMs + laterMs, shopsWaiting: 0 });
        expect(crowded > other).toBe(shopsWaiting * portraitTakesMs > laterMs);
      }),
    );
  });
});
