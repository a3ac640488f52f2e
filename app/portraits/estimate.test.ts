import { describe, expect, it } from "vitest";
import { portraitRecord } from "#test/builders/portrait-record.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { createEstimator } from "./estimate.ts";
import type { PortraitRecords } from "./portrait-records.ts";

function estimatorOf(medians: (number | null | Error)[]) {
  const clock = stoppedClock(1_000_000);
  let asked = 0;
  const medianMakingMs: PortraitRecords["medianMakingMs"] = async () => {
    const median = medians[Math.min(asked, medians.length - 1)];
    asked += 1;
    if (median instanceof Error) throw median;
    return median ?? null;
  };
  const estimator = createEstimator({ records: { medianMakingMs } as unknown as PortraitRecords, clock });
  return { clock, estimator, asked: () => asked };
}

describe("how long a portrait still takes", () => {
  const making = portraitRecord({ status: "making", stage: "painting", startedAtMs: 999_000 });

  it("is nothing before anything was measured, and nothing for what is not being made", async () => {
    expect(await estimatorOf([null]).estimator.remainingMs(making)).toBeNull();
    const { estimator, asked } = estimatorOf([4_000]);
    for (const status of ["ready", "failed", "cancelled", "pending"] as const) {
      expect(await estimator.remainingMs(portraitRecord({ status }))).toBeNull();
    }
    expect(asked()).toBe(0);
  });

  it("is the median less what has passed, and never less than nothing", async () => {
    const { clock, estimator } = estimatorOf([4_000]);
    expect(await estimator.remainingMs(making)).toBe(3_000);
    expect(await estimator.remainingMs(portraitRecord())).toBe(4_000);
    clock.atMs += 60_000;
    expect(await estimator.remainingMs(making)).toBe(0);
  });

  it("is measured anew every few seconds and not at every poll", async () => {
    const { clock, estimator, asked } = estimatorOf([4_000, 8_000]);
    for (let poll = 0; poll < 10; poll++) await estimator.remainingMs(making);
    expect(asked()).toBe(1);
    clock.atMs += 5_000;
    expect(await estimator.remainingMs(portraitRecord())).toBe(8_000);
  });

  it("is asked for again after the records did not answer", async () => {
    const { estimator } = estimatorOf([new Error("no answer"), 4_000]);
    await expect(estimator.remainingMs(making)).rejects.toThrow("no answer");
    expect(await estimator.remainingMs(making)).toBe(3_000);
  });
});
