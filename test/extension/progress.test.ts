import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, noProgress, type Progress, type Stage } from "../../extensions/pet-processor/src/studio/progress.ts";

const stages: Stage[] = ["sending", "waiting", "cutting_out", "painting", "saving"];

describe("the bar", () => {
  it("never goes back and never comes to the end, whatever the server says", () => {
    const moment = fc.record({
      stage: fc.constantFrom(...stages),
      ms: fc.option(fc.integer({ min: 0, max: 120_000 })),
      elapsedMs: fc.integer({ min: 0, max: 600_000 }),
      // Where the bar stood when the estimate came: earlier than now.
      startFraction: fc.double({ min: 0, max: 0.9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 40 }), (moments) => {
        let progress: Progress = noProgress;
        for (const { stage, ms, elapsedMs, startFraction } of moments) {
          const estimate = ms === null ? null : { ms, startFraction, elapsedMs };
          const next = advance(progress, { stage, estimate });
          expect(next.fraction).toBeGreaterThanOrEqual(progress.fraction);
          expect(next.fraction).toBeLessThan(1);
          progress = next;
        }
      }),
    );
  });

  it("moves by stages alone where nothing has been measured", () => {
    const fractions = stages.map((stage) => advance(noProgress, { stage, estimate: null }).fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(new Set(fractions).size).toBe(stages.length);
    expect(advance(noProgress, { stage: "painting", estimate: null }).leftMs).toBeNull();
  });

  it("moves with what has gone out of a large photo, and only while it is being sent", () => {
    const at = (sent: number, stage: Stage = "sending") =>
      advance(noProgress, { stage, sent, estimate: null }).fraction;
    expect([at(0), at(0.5), at(1), at(1, "waiting")]).toEqual([0.04, 0.15, 0.3, 0.12]);
  });

  it("counts the measured time down to nothing and no further", () => {
    const left = (elapsedMs: number) =>
      advance(noProgress, { stage: "painting", estimate: { ms: 8000, startFraction: 0, elapsedMs } }).leftMs;
    expect([left(0), left(3000), left(20_000)]).toEqual([8000, 5000, 0]);
  });
});
