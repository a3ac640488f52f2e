import { newPlane, type Plane, type Size } from "../raster.ts";
import { boxBlur } from "./box-blur.ts";
import { shrink, unshrink } from "./resample.ts";

/** Below this a true kernel is as fast as three boxes, and rounder. */
const kernelUpToSigma = 2.5;
/** From here on so little is left of single pixels that a picture of a quarter of the size will do, or a smaller one yet. */
const shrinkFromSigma = 8;

/**
 * Gaussian blur, edges repeated. Wide ones are three box blurs in a row, which nobody can tell from the real thing.
 *
 * @param sigma - standard deviation in pixels; 0 or less gives a copy
 */
export function gaussianBlur(source: Plane, size: Size, sigma: number): Plane {
  if (sigma <= 0) return source.slice();
  if (sigma <= kernelUpToSigma) return withKernel(source, size, gaussianKernel(sigma));
  if (sigma >= shrinkFromSigma) return throughSmall(source, size, sigma);
  return boxRadii(sigma).reduce((plane, radius) => boxBlur(plane, size, radius), source);
}

function throughSmall(source: Plane, size: Size, sigma: number): Plane {
  const factor = Math.min(8, Math.floor(sigma / 3));
  const small = shrink(source, size, factor);
  const blurred = boxRadii(sigma / factor).reduce((plane, radius) => boxBlur(plane, small.size, radius), small.plane);
  return unshrink(blurred, small.size, factor, size);
}

/** Half of a Gaussian, from the centre outwards, so normalised that the whole of it sums to 1. */
export function gaussianKernel(sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(sigma * 2.5));
  const half = new Float32Array(radius + 1);
  let sum = 0;
  for (let i = 0; i <= radius; i++) {
    half[i] = Math.exp(-(i * i) / (2 * sigma * sigma));
    sum += half[i]! * (i === 0 ? 1 : 2);
  }
  return half.map((weight) => weight / sum);
}

/** Three odd box widths whose variances add up to that of the Gaussian as nearly as whole pixels allow. */
function boxRadii(sigma: number): number[] {
  const ideal = Math.sqrt(4 * sigma * sigma + 1);
  const lower = Math.floor((ideal - 1) / 2);
  const variance = (radius: number) => ((2 * radius + 1) ** 2 - 1) / 12;
  const wide = Math.round((sigma * sigma - 3 * variance(lower)) / (variance(lower + 1) - variance(lower)));
  return [0, 1, 2].map((index) => (index < wide ? lower + 1 : lower));
}

function withKernel(source: Plane, size: Size, half: Float32Array): Plane {
  const { width, height } = size;
  const radius = half.length - 1;
  const padded = new Float32Array(width + 2 * radius);
  const across = newPlane(size);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    padded.set(source.subarray(row, row + width), radius);
    padded.fill(source[row]!, 0, radius);
    padded.fill(source[row + width - 1]!, radius + width);
    for (let x = 0; x < width; x++) {
      let sum = padded[x + radius]! * half[0]!;
      for (let i = 1; i <= radius; i++) sum += (padded[x + radius - i]! + padded[x + radius + i]!) * half[i]!;
      across[row + x] = sum;
    }
  }
  const both = newPlane(size);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let i = 0; i <= radius; i++) {
      const above = Math.max(0, y - i) * width;
      const below = Math.min(height - 1, y + i) * width;
      const weight = i === 0 ? half[0]! / 2 : half[i]!;
      for (let x = 0; x < width; x++)
        both[row + x] = both[row + x]! + (across[above + x]! + across[below + x]!) * weight;
    }
  }
  return both;
}
