import { type Plane, type Size } from "../raster.ts";
import { boxBlur } from "./box-blur.ts";

/**
 * Smooths a picture but keeps its own strong edges: in every window the result is a straight line of the picture, flat
 * where the variance is small against `epsilon`. He, Sun and Tang, "Guided Image Filtering", ECCV 2010, with the picture
 * as its own guide.
 *
 * @param radius - of the window, whole pixels
 * @param epsilon - variance (of values from 0 to 1) that still counts as flat
 */
export function guidedSmooth(source: Plane, size: Size, radius: number, epsilon: number): Plane {
  const squares = source.map((value) => value * value);
  const mean = boxBlur(source, size, radius);
  const meanSquare = boxBlur(squares, size, radius);
  const slope = squares;
  const offset = new Float32Array(source.length);
  for (let i = 0; i < source.length; i++) {
    const variance = Math.max(0, meanSquare[i]! - mean[i]! * mean[i]!);
    const a = variance / (variance + epsilon);
    slope[i] = a;
    offset[i] = mean[i]! * (1 - a);
  }
  const meanSlope = boxBlur(slope, size, radius);
  const meanOffset = boxBlur(offset, size, radius);
  for (let i = 0; i < source.length; i++) meanOffset[i] = meanSlope[i]! * source[i]! + meanOffset[i]!;
  return meanOffset;
}
