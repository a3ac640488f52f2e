import { clamp01, smoothstep } from "../curves.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import type { Scene } from "../composition/scene.ts";
import { newPlane, type Plane } from "../raster.ts";
import { seededRandom, seedFor, type Random } from "../seeded-random.ts";

/** One stroke of a broad marker, in a frame turned to the direction of the strokes; lengths in pixels. */
type Stroke = { middle: number; halfWidth: number; from: number; to: number; tilt: number; load: number };

/**
 * Marker ink behind the pet: a patch filled in with broad strokes by hand, each with a width, a length and a load of its
 * own. Strokes end at the patch and not at a ruler; where two overlap the ink is darker. Values are density, about 1.
 */
export function swatch(scene: Scene, seed: number): Plane {
  const { size, unit } = scene;
  const random = seededRandom(seed);
  const angle = random.between(-0.95, -0.45);
  const axis = { x: Math.cos(angle), y: Math.sin(angle) };
  const centre = middleOf(scene, random);
  const strokes = layStrokes(scene, random);
  const wobble = fractalNoise(size, { cell: 160 * unit, octaves: 3, seed: seedFor(seed, "wobble") });
  const fibre = fractalNoise(size, { cell: 5 * unit, octaves: 3, seed: seedFor(seed, "fibre"), gain: 0.7 });
  const ink = newPlane(size);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const i = y * size.width + x;
      const along = (x - centre.x) * axis.x + (y - centre.y) * axis.y + 2.5 * unit * fibre[i]!;
      const across = (y - centre.y) * axis.x - (x - centre.x) * axis.y + 3 * unit * wobble[i]! + 0.5 * unit * fibre[i]!;
      ink[i] = inkAt(strokes, along, across, unit) * (1 + 0.05 * fibre[i]! + 0.03 * wobble[i]!);
    }
  }
  return ink;
}

/** The middle of the pets, a little to one side. */
function middleOf({ size, alpha }: Scene, random: Random): { x: number; y: number } {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < size.height; y += 4) {
    for (let x = 0; x < size.width; x += 4) {
      const a = alpha[y * size.width + x]!;
      sum += a;
      sumX += a * x;
      sumY += a * y;
    }
  }
  const shift = 0.04 * size.width;
  const x = (sumX / sum) * 0.6 + size.width * 0.2 + random.between(-shift, shift);
  const y = (sumY / sum) * 0.7 + size.height * 0.15 + random.between(-1.4 * shift, 0);
  // Never so far to a side that the sheet's edge would cut the strokes off.
  return { x: Math.max(0.475, Math.min(0.525, x / size.width)) * size.width, y };
}

function layStrokes({ size, unit }: Scene, random: Random): Stroke[] {
  const radius = { along: size.width * random.between(0.4, 0.44), across: size.width * random.between(0.39, 0.43) };
  const strokes: Stroke[] = [];
  let middle = -radius.across;
  while (middle < radius.across) {
    const halfWidth = random.between(21, 31) * unit;
    middle += halfWidth * 0.86;
    const share = Math.min(1, Math.abs(middle) / radius.across);
    const chord = radius.along * (1 - share ** 3) ** (1 / 3);
    strokes.push({
      middle,
      halfWidth,
      from: -chord * random.between(0.86, 1.05),
      to: chord * random.between(0.86, 1.05),
      tilt: random.between(-0.022, 0.022),
      load: random.between(0.86, 1.06),
    });
    middle += halfWidth * 0.86;
  }
  return strokes;
}

function inkAt(strokes: Stroke[], along: number, across: number, unit: number): number {
  let ink = 0;
  for (const { middle, halfWidth, from, to, tilt, load } of strokes) {
    const off = Math.abs(across - middle - tilt * along);
    if (off > halfWidth + 2 * unit) continue;
    const side = smoothstep(halfWidth + unit, halfWidth - unit, off);
    // A round tip: the corners of a stroke are further back than its middle.
    const tip = halfWidth * (1 - Math.sqrt(clamp01(1 - (off / halfWidth) ** 2))) * 0.7;
    const body =
      smoothstep(from + tip, from + tip + 3 * unit, along) * smoothstep(to - tip, to - tip - 3 * unit, along);
    const lift = 1 + 0.14 * smoothstep(to - tip - 40 * unit, to - tip, along);
    ink =
      ink === 0
        ? side * body * load * lift
        : Math.max(ink, side * body * load * lift) + 0.22 * Math.min(ink, side * body);
  }
  return ink;
}
