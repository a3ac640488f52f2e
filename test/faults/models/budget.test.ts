import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addThenTakeBack, keyedHolds, readThenAdd } from "#test/builders/budget-designs.ts";
import { playMoney } from "#test/builders/budget-history.ts";
import { moneyHistories, type MoneyStep } from "#test/builders/budget-steps.ts";
import { report, scaled } from "../figures.ts";
import { playInProcesses } from "./players.ts";
import { countWrong } from "./share-wrong.ts";

/**
 * A million lives of two shops' money under four limits: holds and calls that lapse, that are said twice and that end
 * late, processes that die, midnight and the end of a month, limits that are lowered.
 */
const seed = 20_260_331;
const numRuns = scaled({ short: 500, full: 50_000 });

describe("R7: the budget", () => {
  it("is never wrong, in any of the histories", async () => {
    const histories = scaled({ short: 4_000, full: 1_000_000 });
    const { failure, paths, ...played } = await playInProcesses({ model: "budget", seed, histories });
    expect(failure).toBeNull();
    for (const [path, times] of Object.entries(paths))
      expect(times, path).toBeGreaterThan(scaled({ short: 40, full: 10_000 }));
    const rarest = Math.min(...Object.values(paths));
    report(
      "R7",
      `budget: ${played.histories} histories of ${played.steps} steps, 0 violations; rarest path ${rarest} times`,
    );
  });

  it.each([
    ["reads and then adds, with no lock", readThenAdd],
    ["adds before a call and takes back after it", addThenTakeBack],
  ])("would be wrong nearly always if it were kept by somebody who %s", (name, design) => {
    const wrong = countWrong(fc.sample(moneyHistories, { numRuns, seed }), (steps) => playMoney(design(), steps));
    expect(wrong / numRuns).toBeGreaterThan(0.95);
    report("R7", `budget kept by somebody who ${name}: ${wrong} of ${numRuns} histories violated`);
  });

  it("would be overspent without a lock on quiet days too: nobody dies, nothing lapses, nothing is said twice", () => {
    const days = fc.sample(moneyHistories, { numRuns, seed }).map((steps) => steps.flatMap(quiet));
    const passed = /passed the limit/;
    const wrong = countWrong(days, (steps) => playMoney(readThenAdd(), steps), passed);
    expect(wrong / numRuns).toBeGreaterThan(0.5);
    expect(countWrong(days, (steps) => playMoney(keyedHolds(), steps))).toBe(0);
    report("R7", `budget without a lock, on quiet days: ${wrong} of ${numRuns} histories overspent`);
  });
});

/** Requests that are new each time, each of which looks while the one before it decides. */
function quiet(step: MoneyStep, index: number): MoneyStep[] {
  return step.do === "hold" ? [{ ...step, request: index, again: false, late: true }] : [];
}
