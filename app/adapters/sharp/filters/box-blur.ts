import { newPlane, type Plane, type Size } from "../raster.ts";

/**
 * Mean over a square of `2 * radius + 1` pixels, edges repeated. Running sums make the cost independent of the radius.
 *
 * @param radius - whole pixels; 0 gives a copy
 */
export function boxBlur(source: Plane, size: Size, radius: number): Plane {
  if (radius < 1) return source.slice();
  const across = newPlane(size);
  blurRows(source, across, size, radius);
  const both = newPlane(size);
  blurColumns(across, both, size, radius);
  return both;
}

function blurRows(source: Plane, target: Plane, { width, height }: Size, radius: number): void {
  const share = 1 / (2 * radius + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const first = source[row]!;
    const last = source[row + width - 1]!;
    let sum = first * (radius + 1);
    for (let x = 1; x <= radius; x++) sum += x < width ? source[row + x]! : last;
    for (let x = 0; x < width; x++) {
      target[row + x] = sum * share;
      const entering = x + radius + 1;
      const leaving = x - radius;
      sum += (entering < width ? source[row + entering]! : last) - (leaving >= 0 ? source[row + leaving]! : first);
    }
  }
}

/** Row by row with one running sum for each column: walking down single columns would miss the cache at every pixel. */
function blurColumns(source: Plane, target: Plane, { width, height }: Size, radius: number): void {
  const share = 1 / (2 * radius + 1);
  const sums = new Float64Array(width);
  const rowAt = (y: number) => (y < 0 ? 0 : y >= height ? height - 1 : y) * width;
  for (let y = -radius; y <= radius; y++) {
    const row = rowAt(y);
    for (let x = 0; x < width; x++) sums[x] = sums[x]! + source[row + x]!;
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const entering = rowAt(y + radius + 1);
    const leaving = rowAt(y - radius);
    for (let x = 0; x < width; x++) {
      const sum = sums[x]!;
      target[row + x] = sum * share;
      sums[x] = sum + source[entering + x]! - source[leaving + x]!;
    }
  }
}
