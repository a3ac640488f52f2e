import { newPlane, type Plane, type Size } from "../raster.ts";
import { boxBlur } from "./box-blur.ts";

/**
 * Flattens a picture into brush-like patches with crisp borders: each pixel takes the mean of the calmest of four squares
 * that touch it. After Kuwahara et al., "Processing of RI-angiocardiographic images", 1976; the four are weighted by
 * their calm and not picked, which removes the blocky jumps of the original.
 *
 * @param channels - of one picture; all of them decide together which square is calm
 * @param radius - half the side of a square, whole pixels; patches come out about four times as wide
 */
export function kuwahara(channels: Plane[], size: Size, radius: number): Plane[] {
  if (radius < 1) return channels.map((channel) => channel.slice());
  const means = channels.map((channel) => boxBlur(channel, size, radius));
  const calm = calmness(channels, means, size, radius);
  return means.map((mean) => blendSquares(mean, calm, size, radius));
}

function blendSquares(mean: Plane, calm: Plane, { width, height }: Size, radius: number): Plane {
  const result = new Float32Array(mean.length);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - radius) * width;
    const below = Math.min(height - 1, y + radius) * width;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius);
      const right = Math.min(width - 1, x + radius);
      const a = calm[above + left]!;
      const b = calm[above + right]!;
      const c = calm[below + left]!;
      const d = calm[below + right]!;
      result[y * width + x] =
        (mean[above + left]! * a + mean[above + right]! * b + mean[below + left]! * c + mean[below + right]! * d) /
        (a + b + c + d);
    }
  }
  return result;
}

/** Weight of a square: falls with the fourth power of its variance, so that the calmest nearly always decides alone. */
function calmness(channels: Plane[], means: Plane[], size: Size, radius: number): Plane {
  const calm = newPlane(size);
  channels.forEach((channel, index) => {
    const mean = means[index]!;
    const meanSquare = boxBlur(
      channel.map((value) => value * value),
      size,
      radius,
    );
    for (let i = 0; i < calm.length; i++) calm[i] = calm[i]! + Math.max(0, meanSquare[i]! - mean[i]! * mean[i]!);
  });
  for (let i = 0; i < calm.length; i++) {
    const square = (1e-2 / (calm[i]! + 1e-4)) ** 2;
    calm[i] = square * square;
  }
  return calm;
}
