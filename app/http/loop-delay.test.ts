import { describe, expect, it } from "vitest";
import { healthyLoop, judgeLoop } from "./loop-delay.ts";

/** Of the median turn in each second, milliseconds; and whether the loop is late after each. */
const judged = (delays: number[]): boolean[] => {
  let health = healthyLoop;
  return delays.map((delayMs) => (health = judgeLoop(health, delayMs)).isLate);
};

describe("a loop", () => {
  it.each([
    ["that keeps up is in time", [0, 1, 5, 40, 3], [false, false, false, false, false]],
    ["that stood still for a second is in time", [900, 2, 2], [false, false, false]],
    ["that stood still twice is in time", [900, 900, 2, 900, 900], [false, false, false, false, false]],
    ["whose turns are long for three seconds is late", [250, 300, 4_000, 2], [false, false, true, true]],
    ["that is nearly late for ever is in time", [249, 249, 249, 249], [false, false, false, false]],
    [
      "that was late has to be in time for three seconds",
      [300, 300, 300, 10, 10, 100, 10, 10, 10],
      [false, false, true, true, true, true, true, true, false],
    ],
    [
      "that was late is late again only after three seconds more",
      [300, 300, 300, 10, 10, 10, 300, 300, 300],
      [false, false, true, true, true, false, false, false, true],
    ],
  ])("%s", (_, delays, late) => expect(judged(delays)).toEqual(late));
});
