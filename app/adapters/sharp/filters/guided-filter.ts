import type { Plane, Size } from "../raster.ts";
import { boxBlur } from "./box-blur.ts";
import { shrink, unshrink } from "./resample.ts";

/**
 * Smooths a picture but keeps its own strong edges: in every window the result is a straight line of the picture, flat
 * where the variance is small against `epsilon`. He, Sun and Tang, "Guided Image Filtering", ECCV 2010, with the picture
 * as its own guide; the lines are found on a smaller picture, as in the first two's "Fast guided filter", 2015.
 *
 * @param radius - of the window, whole pixels
 * @param epsilon - variance (of values from 0 to 1) that still counts as flat
 */
export function guidedSmooth(source: Plane, size: Size, radius: number, epsilon: number): Plane {
  const factor = Math.max(1, Math.floor(radius / 4));
  const small = shrink(source, size, factor);
  const { slope, offset } = windowLines(small.plane, small.size, { radius: Math.round(radius / factor), epsilon });
  const result = unshrink(offset, small.size, factor, size);
  const slopes = unshrink(slope, small.size, factor, size);
  for (let i = 0; i < result.length; i++) result[i] = result[i]! + slopes[i]! * source[i]!;
  return result;
}

function windowLines(
  source: Plane,
  size: Size,
  { radius, epsilon }: { radius: number; epsilon: number },
): { slope: Plane; offset: Plane } {
  const mean = boxBlur(source, size, radius);
  const meanSquare = boxBlur(
    source.map((value) => value * value),
    size,
    radius,
  );
  const slope = new Float32Array(source.length);
  const offset = new Float32Array(source.length);
  for (let i = 0; i < source.length; i++) {
    const variance = Math.max(0, meanSquare[i]! - mean[i]! * mean[i]!);
    slope[i] = variance / (variance + epsilon);
    offset[i] = mean[i]! * (1 - slope[i]!);
  }
  return { slope: boxBlur(slope, size, radius), offset: boxBlur(offset, size, radius) };
}
