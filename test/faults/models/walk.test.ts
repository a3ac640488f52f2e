import { describe, expect, it } from "vitest";
import { report, scaled } from "../figures.ts";
import { playInProcesses } from "./players.ts";

/**
 * The product's own stories in two processes on shared records, in every order in which their calls can meet: deaths and
 * stalls at each call of a port, lost replies, processes that come back after they were taken for dead, shoppers who join,
 * leave and ask again, midnight, clocks that differ. What must hold at rest is in walk/walk-audit.ts.
 */
describe("R7: the walk from a wish to a portrait", () => {
  it("loses nobody, paints each picture to its end, and charges each once, whatever dies or stalls on the way", async () => {
    const { failure, paths, ...played } = await playInProcesses({
      model: "walk",
      seed: 20_261_124,
      histories: scaled({ short: 800, full: 100_000 }),
    });
    expect(failure).toBeNull();
    const untravelled = Object.entries(paths).filter(([, times]) => times < scaled({ short: 1, full: 3 }));
    // The short form is too short for the rarest: the death of a process at a call that is hardly ever made.
    expect(untravelled.map(([path]) => path).filter((path) => scaled({ short: isCommon(path), full: true }))).toEqual(
      [],
    );
    const deaths = Object.entries(paths).filter(([path]) => path.startsWith("death at"));
    const died = deaths.reduce((sum, [, times]) => sum + times, 0);
    report(
      "R7",
      `walk: ${played.histories} histories of ${played.steps} calls, ${died} deaths at ${deaths.filter(([, n]) => n > 0).length} of ${deaths.length} ports, 0 violations`,
    );
  });
});

const isCommon = (path: string): boolean => !path.startsWith("death at") && path !== "given up";
