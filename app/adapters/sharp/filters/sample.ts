import type { Plane, Size } from "../raster.ts";

/** Value between pixels, blended from the four around it; edges repeated. */
export function sampleBetween(plane: Plane, { width, height }: Size, x: number, y: number): number {
  const cx = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const cy = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  const x0 = cx | 0;
  const y0 = cy | 0;
  const fx = cx - x0;
  const fy = cy - y0;
  const right = x0 + 1 < width ? 1 : 0;
  const at = y0 * width + x0;
  const below = y0 + 1 < height ? at + width : at;
  const top = plane[at]! + (plane[at + right]! - plane[at]!) * fx;
  const bottom = plane[below]! + (plane[below + right]! - plane[below]!) * fx;
  return top + (bottom - top) * fy;
}
