import { describe, expect, it } from "vitest";
import { budgetRung } from "./budget-ladder.ts";

describe("the ladder of a day's money", () => {
  it.each([
    [0, 100, "all"],
    [69, 100, "all"],
    [70, 100, "cheaper-model"],
    [84, 100, "cheaper-model"],
    [85, 100, "no-new-takes"],
    [99, 100, "no-new-takes"],
    [100, 100, "cached-only"],
    [140, 100, "cached-only"],
    [0, 0, "all"],
    [1, 0, "cached-only"],
  ])("stands, with %i of %i micro-dollars gone, at %s", (committed, limit, rung) => {
    expect(budgetRung(committed, limit)).toBe(rung);
  });
});
