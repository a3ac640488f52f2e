import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkThenCount, countThenGiveBack } from "#test/builders/quota-designs.ts";
import { playHistory } from "#test/builders/quota-history.ts";
import { histories } from "#test/builders/quota-steps.ts";
import { report, scaled } from "../figures.ts";
import { playInProcesses } from "./players.ts";
import { countWrong } from "./share-wrong.ts";

/**
 * A million lives of three shoppers' quotas on three instances whose clocks differ: crashes, lost replies, jobs delivered
 * twice, leases that run out, midnight, limits that are lowered. A zero means something only with the paths beside it.
 */
const seed = 20_260_329;

describe("R7: the quota", () => {
  it("is never wrong, in any of the histories", async () => {
    const { failure, paths, ...played } = await playInProcesses({
      model: "quota",
      seed,
      histories: scaled({ short: 12_000, full: 1_000_000 }),
    });
    expect(failure).toBeNull();
    const rarest = Math.min(...Object.values(paths));
    for (const [path, times] of Object.entries(paths))
      expect(times, path).toBeGreaterThan(scaled({ short: 40, full: 10_000 }));
    report(
      "R7",
      `quota: ${played.histories} histories of ${played.steps} steps, 0 violations; rarest path ${rarest} times`,
    );
  });

  it.each([
    ["looks first and counts later", checkThenCount],
    ["counts first and gives back", countThenGiveBack],
  ])("would be wrong nearly always if it were kept by somebody who %s", (name, design) => {
    const numRuns = scaled({ short: 1_000, full: 100_000 });
    const wrong = countWrong(fc.sample(histories, { numRuns, seed }), (steps) => playHistory(design(), steps));
    expect(wrong / numRuns).toBeGreaterThan(0.95);
    report("R7", `quota kept by somebody who ${name}: ${wrong} of ${numRuns} histories violated`);
  });
});
