import { clamp01, smoothstep } from "./curves.ts";
import type { Scene } from "./composition/scene.ts";
import { boxBlur } from "./filters/box-blur.ts";
import { gaussianBlur } from "./filters/gaussian-blur.ts";
import { darkRoundness } from "./filters/radial-symmetry.ts";
import { shrink, unshrink } from "./filters/resample.ts";
import { newPlane, type Plane, type Size } from "./raster.ts";

/** Design units of the canvas for one pixel of the small picture in which eyes are looked for. */
const blockUnits = 4;
/** Radii of eyes in the small picture: from a whole dog's to a close-up's. */
const radii = [2, 3, 4, 6, 8, 11];
const mostSpots = 6;
/** A spot with less than this share of the best one's roundness is no eye. */
const leastShare = 0.35;

/**
 * Where the brush must be fine: soft spots (0 to 1) over what looks like eyes and noses. A wrong spot does no harm, it only
 * has more detail than its surroundings.
 */
export function faceDetails(light: Plane, scene: Scene): Plane {
  const factor = Math.max(1, Math.round(blockUnits * scene.unit));
  const { plane: seen, size: small } = shrink(light, scene.size, factor);
  const inside = boxBlur(shrink(scene.alpha, scene.size, factor).plane, small, 4);
  const around = boxBlur(seen, small, 10);
  const roundness = darkRoundness(seen, small, radii);
  const calm = gaussianBlur(seen, small, 1.5);
  for (let i = 0; i < roundness.length; i++) {
    roundness[i] = roundness[i]! * smoothstep(0.75, 1, inside[i]!) * smoothstep(0.02, 0.12, around[i]! - calm[i]!);
  }
  return spread(strongestSpots(roundness, small), small, scene.size, factor);
}

type Spot = { x: number; y: number; strength: number };

function strongestSpots(roundness: Plane, size: Size): Spot[] {
  const left = roundness.slice();
  const spots: Spot[] = [];
  while (spots.length < mostSpots) {
    let best = 0;
    for (let i = 1; i < left.length; i++) if (left[i]! > left[best]!) best = i;
    const value = left[best]!;
    if (value <= 0 || (spots[0] !== undefined && value < leastShare * roundness[spots[0].y * size.width + spots[0].x]!))
      break;
    const spot = { x: best % size.width, y: Math.floor(best / size.width), strength: value };
    spots.push(spot);
    clear(left, size, spot, 9);
  }
  const most = spots[0]?.strength ?? 1;
  return spots.map((spot) => ({ ...spot, strength: Math.min(1, (1.5 * spot.strength) / most) }));
}

function clear(plane: Plane, { width, height }: Size, { x, y }: Spot, radius: number): void {
  for (let py = Math.max(0, y - radius); py <= Math.min(height - 1, y + radius); py++) {
    plane.fill(0, py * width + Math.max(0, x - radius), py * width + Math.min(width - 1, x + radius) + 1);
  }
}

function spread(spots: Spot[], small: Size, size: Size, factor: number): Plane {
  const map = newPlane(small);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      let most = 0;
      for (const spot of spots) {
        const squared = (x - spot.x) ** 2 + (y - spot.y) ** 2;
        if (squared < 900) most = Math.max(most, spot.strength * Math.exp(-squared / (2 * 7 * 7)));
      }
      map[y * small.width + x] = clamp01(1.3 * most);
    }
  }
  return unshrink(map, small, factor, size);
}
