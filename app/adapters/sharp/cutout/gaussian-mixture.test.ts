import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random.ts";
import { fitGaussianMixture, logLikelihood } from "./gaussian-mixture.ts";

/** Points around each centre, spread three times as far along the first axis. */
function cloudsAround(centres: [number, number, number][]): Float32Array {
  const random = seededRandom(1);
  const values: number[] = [];
  for (const [x, y, z] of centres) {
    for (let i = 0; i < 300; i++)
      values.push(x + random.between(-9, 9), y + random.between(-3, 3), z + random.between(-3, 3));
  }
  return Float32Array.from(values);
}

const mixture = fitGaussianMixture(
  {
    values: cloudsAround([
      [30, 0, 0],
      [70, 40, 10],
    ]),
    dimensions: 3,
  },
  { count: 2, seed: 1 },
);

describe("a mixture of colours", () => {
  it("finds its own colours likelier than others", () => {
    expect(logLikelihood(mixture, 30, 0, 0)).toBeGreaterThan(logLikelihood(mixture, 50, 20, 5) + 5);
    expect(logLikelihood(mixture, 70, 40, 10)).toBeGreaterThan(logLikelihood(mixture, 30, 40, 10) + 5);
  });

  it("knows in which direction its clouds are wide", () => {
    expect(logLikelihood(mixture, 38, 0, 0)).toBeGreaterThan(logLikelihood(mixture, 30, 8, 0) + 1);
  });

  it("is not upset by a photo of one colour", () => {
    const flat = { values: new Float32Array(900).fill(50), dimensions: 3 };
    const single = fitGaussianMixture(flat, { count: 5, seed: 1 });
    expect(Number.isFinite(logLikelihood(single, 50, 50, 50))).toBe(true);
  });
});
