import { smoothstep } from "../curves.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import type { Scene } from "../composition/scene.ts";
import { newPlane, type Plane } from "../raster.ts";
import { seededRandom, seedFor } from "../seeded-random.ts";

/**
 * How the pet's colours were laid on: strokes side by side, darker where they overlap. As the exponent of a colour: 1
 * leaves it, more deepens it.
 */
export function markerStreaks({ size, unit }: Scene, seed: number): Plane {
  const random = seededRandom(seed);
  const angle = random.between(0.7, 1.15);
  const axis = { x: Math.cos(angle), y: Math.sin(angle) };
  const reach = Math.hypot(size.width, size.height);
  const borders = strokeBorders(reach, unit, random);
  const wobble = fractalNoise(size, { cell: 140 * unit, octaves: 3, seed: seedFor(seed, "wobble") });
  const fibre = fractalNoise(size, { cell: 6 * unit, octaves: 3, seed: seedFor(seed, "fibre"), gain: 0.7 });
  const streaks = newPlane(size, 1);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const i = y * size.width + x;
      const across = y * axis.x - x * axis.y + reach / 2 + 5 * unit * wobble[i]! + 0.7 * unit * fibre[i]!;
      const at = Math.max(0, Math.min(borders.length - 1, Math.floor(across)));
      streaks[i] = 1 + borders[at]! + 0.05 * fibre[i]! + 0.04 * wobble[i]!;
    }
  }
  return streaks;
}

/** For each pixel across the strokes, how much the overlap with the next stroke deepens the colour there. */
function strokeBorders(reach: number, unit: number, random: { between(least: number, most: number): number }): Plane {
  const borders = new Float32Array(Math.ceil(reach * 1.2));
  for (let middle = 0; middle < borders.length; middle += random.between(17, 34) * unit) {
    const width = random.between(1.5, 5) * unit;
    const depth = random.between(0.05, 0.26);
    for (let d = Math.floor(-width); d <= width; d++) {
      const at = Math.round(middle + d);
      if (at < 0 || at >= borders.length) continue;
      borders[at] = Math.max(borders[at]!, depth * smoothstep(width, width - 1.5 * unit, Math.abs(d)));
    }
  }
  return borders;
}
