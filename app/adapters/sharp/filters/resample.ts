import { newPlane, type Plane, type Size } from "../raster.ts";

/** Another size by straight blending between the four nearest pixels; to shrink by more than two, {@link shrink} first. */
export function resample(plane: Plane, from: Size, to: Size): Plane {
  const result = newPlane(to);
  const columns = positions(from.width, to.width);
  const rows = positions(from.height, to.height);
  for (let y = 0; y < to.height; y++) {
    const above = rows.before[y]! * from.width;
    const below = rows.after[y]! * from.width;
    const down = rows.share[y]!;
    for (let x = 0; x < to.width; x++) {
      const left = columns.before[x]!;
      const right = columns.after[x]!;
      const across = columns.share[x]!;
      const top = plane[above + left]! + (plane[above + right]! - plane[above + left]!) * across;
      const bottom = plane[below + left]! + (plane[below + right]! - plane[below + left]!) * across;
      result[y * to.width + x] = top + (bottom - top) * down;
    }
  }
  return result;
}

function positions(from: number, to: number): { before: Int32Array; after: Int32Array; share: Float32Array } {
  const before = new Int32Array(to);
  const after = new Int32Array(to);
  const share = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    before[i] = Math.floor(at);
    after[i] = Math.min(from - 1, before[i]! + 1);
    share[i] = at - before[i]!;
  }
  return { before, after, share };
}

/** Means of blocks of `factor` × `factor` pixels; the last row and column of blocks may be narrower. */
export function shrink(plane: Plane, size: Size, factor: number): { plane: Plane; size: Size } {
  const small = { width: Math.ceil(size.width / factor), height: Math.ceil(size.height / factor) };
  const result = newPlane(small);
  for (let y = 0; y < small.height; y++) {
    const rows = Math.min(factor, size.height - y * factor);
    for (let x = 0; x < small.width; x++) {
      const columns = Math.min(factor, size.width - x * factor);
      let sum = 0;
      for (let dy = 0; dy < rows; dy++) {
        const row = (y * factor + dy) * size.width + x * factor;
        for (let dx = 0; dx < columns; dx++) sum += plane[row + dx]!;
      }
      result[y * small.width + x] = sum / (rows * columns);
    }
  }
  return { plane: result, size: small };
}

/** Back to the size that was shrunk by `factor`: blocks line up again, also where the size was no multiple of it. */
export function unshrink(plane: Plane, small: Size, factor: number, size: Size): Plane {
  const whole = { width: small.width * factor, height: small.height * factor };
  const enlarged = resample(plane, small, whole);
  if (whole.width === size.width && whole.height === size.height) return enlarged;
  const cropped = newPlane(size);
  for (let y = 0; y < size.height; y++) {
    cropped.set(enlarged.subarray(y * whole.width, y * whole.width + size.width), y * size.width);
  }
  return cropped;
}
