import { clamp01, smoothstep } from "./curves.ts";
import { gaussianBlur } from "./filters/gaussian-blur.ts";
import { guidedSmooth } from "./filters/guided-filter.ts";
import type { Scene } from "./composition/scene.ts";
import type { Colours, Plane } from "./raster.ts";

/** Shares of the pet's pixels that become black and white. */
const blackShare = 0.02;
const whiteShare = 0.985;
/** Where the middle tone of the pet goes; and how far that may bend the curve, for a black dog stays a black dog. */
const middleTone = 0.54;
const bend = { least: 0.62, most: 1.5 };
/** Above this, light is compressed so that white fur keeps its modelling. */
const shoulder = 0.72;
const brightest = 0.98;

/** Surroundings darker than this are lit up by a share of what they lack, so that a black face keeps its eyes. */
const dimBelow = 0.46;
const lampShare = 0.55;

/**
 * The pets' light as a printer would want it, 0 to 1: stretched over the whole scale, middle tones in the middle, dark
 * parts lit, local contrast lifted there, highlights rolled off. Means nothing outside of the pets.
 */
export function balancedLight(scene: Scene): Plane {
  const { size, unit, alpha } = scene;
  const light = blueSensitive(scene.colours);
  const curve = toneCurve(light, alpha);
  for (let i = 0; i < light.length; i++) light[i] = curve(light[i]!);
  const around = surroundings(light, scene);
  const base = guidedSmooth(light, size, Math.max(2, Math.round(14 * unit)), 0.02);
  for (let i = 0; i < light.length; i++) {
    const detail = light[i]! - base[i]!;
    const dark = 1 - smoothstep(0.15, 0.6, around[i]!);
    const lamp = lampShare * Math.max(0, dimBelow - around[i]!) * smoothstep(0, 0.12, light[i]!);
    light[i] = rollOff(clamp01(base[i]! + lamp + detail * (1.25 + 0.9 * dark)));
  }
  return light;
}

/** As old film saw: red is darker than it looks, so that tongues, noses and ears do not vanish in white fur. */
function blueSensitive({ red, green, blue }: Colours): Plane {
  return red.map((value, i) => 0.13 * value + 0.66 * green[i]! + 0.21 * blue[i]!);
}

/** Mean light of the pet around each pixel, without the paper beside it. */
function surroundings(light: Plane, { size, unit, alpha }: Scene): Plane {
  const sigma = 45 * unit;
  const weight = gaussianBlur(alpha, size, sigma);
  const sum = gaussianBlur(
    light.map((value, i) => value * alpha[i]!),
    size,
    sigma,
  );
  return sum.map((value, i) => (weight[i]! > 1e-3 ? value / weight[i]! : 1));
}

function rollOff(value: number): number {
  if (value <= shoulder) return value;
  const room = brightest - shoulder;
  const over = value - shoulder;
  return shoulder + (room * over) / (over + room * 0.62);
}

function toneCurve(light: Plane, alpha: Plane): (value: number) => number {
  const counts = new Float64Array(256);
  let total = 0;
  for (let i = 0; i < light.length; i++) {
    if (alpha[i]! < 0.5) continue;
    const bin = Math.round(light[i]! * 255);
    counts[bin] = counts[bin]! + 1;
    total++;
  }
  const black = quantileOf(counts, total * blackShare);
  const white = Math.max(black + 0.15, quantileOf(counts, total * whiteShare));
  const middle = clamp01((quantileOf(counts, total * 0.5) - black) / (white - black));
  const wanted = Math.log(middleTone) / Math.log(Math.min(0.98, Math.max(0.02, middle)));
  const gamma = Math.min(bend.most, Math.max(bend.least, wanted));
  return (value) => clamp01((value - black) / (white - black)) ** gamma;
}

function quantileOf(counts: Float64Array, rank: number): number {
  let seen = 0;
  for (let bin = 0; bin < 256; bin++) {
    seen += counts[bin]!;
    if (seen >= rank) return bin / 255;
  }
  return 1;
}
