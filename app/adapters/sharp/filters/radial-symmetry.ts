import { newPlane, type Plane, type Size } from "../raster.ts";
import { gaussianBlur } from "./gaussian-blur.ts";

/** Slopes weaker than this are texture and have no vote. */
const leastSlope = 0.03;
/** How strictly votes must come from all around: at 2 a ring beats a line by far. */
const strictness = 2;

/**
 * How much each pixel looks like the middle of something dark and round, such as an eye or a nose: every slope votes for
 * the pixel that lies `radius` down it. After Loy and Zelinsky, "Fast radial symmetry for detecting points of interest",
 * PAMI 2003, dark votes only. Unscaled; the more, the rounder.
 *
 * @param radii - sizes to look for, pixels
 */
export function darkRoundness(light: Plane, size: Size, radii: number[]): Plane {
  const { width, height } = size;
  const sum = newPlane(size);
  for (const radius of radii) {
    // The larger the thing, the more of its surroundings' texture is smoothed away before it is looked for.
    const calm = gaussianBlur(light, size, 0.3 * radius);
    const votes = newPlane(size);
    const slopes = newPlane(size);
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = y * width + x;
        const dx = calm[i + 1]! - calm[i - 1]!;
        const dy = calm[i + width]! - calm[i - width]!;
        const slope = Math.sqrt(dx * dx + dy * dy);
        if (slope < leastSlope) continue;
        const tx = x - Math.round((dx / slope) * radius);
        const ty = y - Math.round((dy / slope) * radius);
        if (tx < 0 || ty < 0 || tx >= width || ty >= height) continue;
        const target = ty * width + tx;
        votes[target] = votes[target]! + 1;
        slopes[target] = slopes[target]! + slope;
      }
    }
    const ring = 2 * Math.PI * radius;
    for (let i = 0; i < votes.length; i++) {
      votes[i] = Math.min(1, votes[i]! / ring) ** strictness * (slopes[i]! / ring);
    }
    const gathered = gaussianBlur(votes, size, 0.3 * radius + 0.4);
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + gathered[i]! * radius;
  }
  return sum;
}
