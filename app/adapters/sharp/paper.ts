import { fractalNoise } from "./filters/fractal-noise.ts";
import { newPlane, type Plane, type Size } from "./raster.ts";

export type Paper = {
  /** Of the sheet, sRGB 0 to 1. */
  colour: readonly [number, number, number];
  /** Hills and valleys, mean 0 and deviation about 1; pigment collects in the valleys. */
  relief: Plane;
  /** What light from the upper left makes of the relief: a factor around 1. */
  shade: Plane;
};

export type PaperOptions = {
  colour: readonly [number, number, number];
  unit: number;
  seed: number;
  /** How deep the grain looks; 0.02 is smooth paper, 0.05 is rough. */
  depth: number;
};

/** A sheet of paper with grain. */
export function layPaper(size: Size, { colour, unit, seed, depth }: PaperOptions): Paper {
  const relief = fractalNoise(size, { cell: 9 * unit, octaves: 3, seed, gain: 0.75 });
  const shade = newPlane(size, 1);
  const { width, height } = size;
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const i = y * width + x;
      const slope = relief[i]! - relief[i - width - 1]!;
      shade[i] = 1 + depth * Math.max(-1.6, Math.min(1.6, slope / Math.SQRT2)) * Math.min(1, unit);
    }
  }
  return { colour, relief, shade };
}
