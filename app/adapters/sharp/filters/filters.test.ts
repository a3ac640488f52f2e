import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newPlane, type Plane, type Size } from "../raster.ts";
import { boxBlur } from "./box-blur.ts";
import { distanceMap } from "./distance-map.ts";
import { edgeFlow } from "./edge-flow.ts";
import { smoothAlongFlow } from "./flow-smoothing.ts";
import { fractalNoise } from "./fractal-noise.ts";
import { gaussianBlur } from "./gaussian-blur.ts";
import { guidedSmooth } from "./guided-filter.ts";
import { kMeans } from "./k-means.ts";
import { kuwahara } from "./kuwahara.ts";
import { labOf, rgbOfLab } from "./lab-colour.ts";
import { darkRoundness } from "./radial-symmetry.ts";
import { resample, shrink, unshrink } from "./resample.ts";
import { xdogLines } from "./xdog.ts";

const size: Size = { width: 37, height: 29 };
const everywhere = newPlane(size, 1);

const smoothers: [string, (plane: Plane) => Plane][] = [
  ["box blur", (plane) => boxBlur(plane, size, 3)],
  ["box blur wider than the picture", (plane) => boxBlur(plane, size, 50)],
  ["narrow Gaussian", (plane) => gaussianBlur(plane, size, 1.2)],
  ["medium Gaussian", (plane) => gaussianBlur(plane, size, 5)],
  ["wide Gaussian", (plane) => gaussianBlur(plane, size, 12)],
  ["guided filter", (plane) => guidedSmooth(plane, size, 3, 0.01)],
  ["guided filter on a small picture", (plane) => guidedSmooth(plane, size, 14, 0.01)],
  ["Kuwahara filter", (plane) => kuwahara([plane], size, 3)[0]!],
  [
    "smoothing along the flow",
    (plane) => smoothAlongFlow([plane], size, edgeFlow(plane, size, 2), { sigma: 3, mask: everywhere })[0]!,
  ],
  [
    "resampling",
    (plane) => resample(resample(plane, size, { width: 80, height: 50 }), { width: 80, height: 50 }, size),
  ],
  ["shrinking and back", (plane) => unshrink(shrink(plane, size, 4).plane, shrink(plane, size, 4).size, 4, size)],
];

function stepAt(column: number): Plane {
  return newPlane(size).map((_, i) => (i % size.width < column ? 0 : 1));
}

const mean = (plane: Plane) => plane.reduce((sum, value) => sum + value, 0) / plane.length;

describe("what smooths", () => {
  it.each(smoothers)("a %s leaves a plain picture plain", (_, smooth) => {
    for (const value of [0, 0.3, 1]) {
      for (const result of smooth(newPlane(size, value))) expect(result).toBeCloseTo(value, 4);
    }
  });

  it.each(smoothers)("a %s never invents anything darker or lighter than was there", (_, smooth) => {
    const values = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1073, maxLength: 1073 });
    fc.assert(
      fc.property(values, (given) => {
        const result = smooth(Float32Array.from(given));
        expect(Math.min(...result)).toBeGreaterThanOrEqual(Math.min(...given) - 0.02);
        expect(Math.max(...result)).toBeLessThanOrEqual(Math.max(...given) + 0.02);
      }),
      { numRuns: 8 },
    );
  });

  it("a Gaussian is as wide as it says, narrow, medium and wide", () => {
    const large = { width: 201, height: 201 };
    for (const sigma of [1.5, 5, 14]) {
      const dot = newPlane(large);
      dot[100 * 201 + 100] = 1;
      let variance = 0;
      gaussianBlur(dot, large, sigma).forEach((value, i) => (variance += value * ((i % 201) - 100) ** 2));
      expect(Math.sqrt(variance) / sigma).toBeGreaterThan(0.9);
      expect(Math.sqrt(variance) / sigma).toBeLessThan(1.1);
    }
  });

  it("the guided and the Kuwahara filter keep a strong edge where a blur does not", () => {
    const step = stepAt(18);
    const jump = (plane: Plane) => plane[14 * 37 + 20]! - plane[14 * 37 + 15]!;
    expect(jump(guidedSmooth(step, size, 3, 0.01))).toBeGreaterThan(0.9);
    expect(jump(kuwahara([step], size, 4)[0]!)).toBeGreaterThan(0.9);
    expect(jump(boxBlur(step, size, 4))).toBeLessThan(0.7);
  });
});

describe("what finds", () => {
  it("the flow runs along an edge, whichever way it lies", () => {
    const upright = edgeFlow(stepAt(18), size, 2);
    expect(Math.abs(upright.y[14 * 37 + 18]!)).toBeCloseTo(1, 2);
    const slanted = newPlane(size).map((_, i) => (i % 37 > Math.floor(i / 37) ? 1 : 0));
    const flow = edgeFlow(slanted, size, 2);
    expect(flow.x[14 * 37 + 14]! * flow.y[14 * 37 + 14]!).toBeCloseTo(0.5, 1);
  });

  it("lines are drawn on the dark side of an edge and nowhere else", () => {
    const step = stepAt(18).map((value) => 0.5 + 0.4 * value);
    const options = { sigma: 1, along: 2, sharpness: 12, threshold: 0.42, hardness: 5, mask: everywhere };
    const lines = xdogLines(step, size, edgeFlow(step, size, 2), options);
    expect(lines[14 * 37 + 17]!).toBeGreaterThan(0.5);
    expect(lines[14 * 37 + 30]!).toBe(0);
    expect(lines[14 * 37 + 5]!).toBe(0);
  });

  it("roundness peaks in the middle of a dark disc, not of a bright one", () => {
    const disc = (inside: number, outside: number) =>
      newPlane(size).map((_, i) => (Math.hypot((i % 37) - 20, Math.floor(i / 37) - 12) < 4 ? inside : outside));
    const dark = darkRoundness(disc(0.1, 0.8), size, [4]);
    expect(dark.indexOf(Math.max(...dark))).toBe(12 * 37 + 20);
    const bright = darkRoundness(disc(0.8, 0.1), size, [4]);
    expect(bright[12 * 37 + 20]!).toBeLessThan(0.1 * Math.max(...dark));
  });

  it("distances grow from the target by one a pixel", () => {
    const distance = distanceMap(size, (i) => i === 5 * 37 + 5);
    expect([distance[5 * 37 + 5], distance[5 * 37 + 15], distance[15 * 37 + 5]]).toEqual([0, 10, 10]);
    expect(distance[9 * 37 + 8]!).toBeCloseTo(5, 0);
  });

  it("k-means finds groups that lie apart", () => {
    const values = Float32Array.from([0, 0.1, 0.2, 5, 5.1, 5.2, 9, 9.1, 9.2]);
    const { centres, labels } = kMeans({ values, dimensions: 1 }, { count: 3, rounds: 8, seed: 1 });
    expect([...centres].sort((a, b) => a - b).map((centre) => Math.round(centre * 10))).toEqual([1, 51, 91]);
    expect(new Set([labels[0], labels[3], labels[6]]).size).toBe(3);
    expect(labels[0]).toBe(labels[2]);
  });
});

describe("noise", () => {
  const large = { width: 256, height: 256 };

  it("has mean 0 and deviation 1, whatever its scale", () => {
    for (const [cell, octaves] of [
      [4, 1],
      [12, 3],
      [8, 5],
    ] as const) {
      const noise = fractalNoise(large, { cell, octaves, seed: 5 });
      expect(Math.abs(mean(noise))).toBeLessThan(0.15);
      const deviation = Math.sqrt(mean(noise.map((value) => value * value)));
      expect(deviation).toBeGreaterThan(0.85);
      expect(deviation).toBeLessThan(1.15);
    }
  });

  it("is the same for the same seed and another for another", () => {
    const noise = (seed: number) => fractalNoise(large, { cell: 16, octaves: 3, seed });
    expect(noise(1)).toEqual(noise(1));
    expect(noise(1)).not.toEqual(noise(2));
  });

  it("has the same shapes at twice the size", () => {
    const small = fractalNoise(large, { cell: 16, octaves: 2, seed: 9 });
    const twice = fractalNoise({ width: 512, height: 512 }, { cell: 32, octaves: 2, seed: 9 });
    for (let i = 0; i < 50; i++) expect(twice[2 * i * 512 + 2 * i]!).toBeCloseTo(small[i * 256 + i]!, 4);
  });
});

describe("Lab colour", () => {
  it("there and back is where it began", () => {
    const channel = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(channel, channel, channel, (r, g, b) => {
        rgbOfLab(...labOf(r, g, b)).forEach((value, i) => expect(Math.abs(value - [r, g, b][i]!)).toBeLessThan(0.01));
      }),
    );
  });

  it("white is 100 and grey has no hue", () => {
    expect(labOf(1, 1, 1)[0]).toBeCloseTo(100, 1);
    const [, a, b] = labOf(0.5, 0.5, 0.5);
    expect(Math.hypot(a, b)).toBeLessThan(0.2);
  });
});
