import { clamp01, smoothstep } from "./curves.ts";
import { guidedSmooth } from "./filters/guided-filter.ts";
import type { Scene } from "./composition/scene.ts";
import { luma, type Plane } from "./raster.ts";

/** Shares of the pet's pixels that become black and white. */
const blackShare = 0.02;
const whiteShare = 0.985;
/** Where the middle tone of the pet goes; and how far that may bend the curve, for a black dog stays a black dog. */
const middleTone = 0.54;
const bend = { least: 0.62, most: 1.5 };
/** Above this, light is compressed so that white fur keeps its modelling. */
const shoulder = 0.78;
const brightest = 0.97;

/**
 * The pets' light as a printer would want it, 0 to 1: stretched over the whole scale, middle tones in the middle, local
 * contrast lifted in dark fur, highlights rolled off. 1 outside of the pets.
 */
export function balancedLight(scene: Scene): Plane {
  const light = luma(scene.colours);
  const curve = toneCurve(light, scene.alpha);
  for (let i = 0; i < light.length; i++) light[i] = curve(light[i]!);
  const base = guidedSmooth(light, scene.size, Math.max(2, Math.round(14 * scene.unit)), 0.02);
  for (let i = 0; i < light.length; i++) {
    const detail = light[i]! - base[i]!;
    const dark = 1 - smoothstep(0.15, 0.6, base[i]!);
    light[i] = rollOff(clamp01(base[i]! + detail * (1.25 + 0.9 * dark)));
  }
  return light;
}

function rollOff(value: number): number {
  if (value <= shoulder) return value;
  const room = brightest - shoulder;
  const over = value - shoulder;
  return shoulder + (room * over) / (over + room * 0.72) / 1.05;
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
