import { smoothstep } from "../curves.ts";
import { distanceMap } from "../filters/distance-map.ts";
import type { LabPlanes } from "../filters/lab-colour.ts";
import type { Plane, Size } from "../raster.ts";

/** Below this a pet without an ear is likelier than a pet, and the background is kept. */
export const leastConfidence = 0.45;

export type CutFacts = Cut & { pieces: number };

type Cut = { mask: Uint8Array; size: Size; lab: LabPlanes };

/**
 * How far a cut can be believed, 0 to 1: the product of five doubts, so that one strong doubt is enough. They are about the
 * size of the pet, how much of the photo's frame it covers, in how many pieces it came, whether the colour changes where
 * the cut runs, and how cluttered the rest is. The bounds were found on two photos and forty composites with a known
 * answer: nearly all cuts that missed the answer by much were on clutter.
 */
export function confidenceOf({ mask, size, pieces, lab }: CutFacts): number {
  const coverage = mask.reduce((sum, label) => sum + label, 0) / mask.length;
  return (
    smoothstep(0.04, 0.1, coverage) *
    smoothstep(0.78, 0.66, coverage) *
    smoothstep(0.5, 0.25, frameContact(mask, size)) *
    (pieces <= 1 ? 1 : pieces === 2 ? 0.85 : 0.6) *
    smoothstep(0.3, 0.8, contourShare({ mask, size, lab })) *
    smoothstep(28, 15, clutter({ mask, size, lab }))
  );
}

/** Share of the upper, left and right sides that the mask covers; the lower one is where pets may leave. */
function frameContact(mask: Uint8Array, { width, height }: Size): number {
  let touching = 0;
  for (let x = 0; x < width; x++) touching += mask[x]!;
  for (let y = 0; y < height; y++) touching += mask[y * width]! + mask[y * width + width - 1]!;
  return touching / (width + 2 * height);
}

/** How far to each side of the cut colours are compared, pixels; and the least difference of a real contour, Lab. */
const aside = 3;
const realContour = 11;

/** Share of the cut along which the photo has a contour too. */
function contourShare({ mask, size, lab }: Cut): number {
  const inside = distanceMap(size, (i) => mask[i] === 0);
  let [along, real] = [0, 0];
  for (let y = aside + 1; y < size.height - aside - 1; y++) {
    for (let x = aside + 1; x < size.width - aside - 1; x++) {
      const i = y * size.width + x;
      if (mask[i] !== 1 || inside[i]! > 1) continue;
      const [dx, dy] = inwards(inside, size.width, i);
      const step = Math.round(dx * aside) + Math.round(dy * aside) * size.width;
      along++;
      if (difference(lab, i + step, i - step) > realContour) real++;
    }
  }
  return along === 0 ? 0 : real / along;
}

function inwards(inside: Plane, width: number, i: number): [number, number] {
  const dx = inside[i + 1]! - inside[i - 1]! + inside[i + 2]! - inside[i - 2]!;
  const dy = inside[i + width]! - inside[i - width]! + inside[i + 2 * width]! - inside[i - 2 * width]!;
  const length = Math.hypot(dx, dy) || 1;
  return [dx / length, dy / length];
}

function difference({ lightness, a, b }: LabPlanes, i: number, j: number): number {
  return Math.hypot(lightness[i]! - lightness[j]!, a[i]! - a[j]!, b[i]! - b[j]!);
}

/** How much an edge counts against the spread of colours, which is in Lab units. */
const edgeWeight = 40;
const visibleEdge = 14;

/**
 * How restless the background is: the spread of its colours along the frame, and the share of it that has edges. Lab
 * units; a wall has about 0, a meadow 20, a shelf of toys 35.
 */
function clutter(cut: Cut): number {
  return frameSpread(cut) + edgeWeight * edgeShare(cut);
}

function frameSpread({ mask, size, lab }: Cut): number {
  const { width } = size;
  const frame: number[] = [];
  for (let i = 0; i < mask.length; i++) {
    const x = i % width;
    const nearSide = x < 4 || x >= width - 4 || i < 4 * width;
    if (nearSide && mask[i] === 0) frame.push(i);
  }
  const mean = (plane: Plane) => frame.reduce((sum, i) => sum + plane[i]!, 0) / frame.length;
  const [l, a, b] = [mean(lab.lightness), mean(lab.a), mean(lab.b)];
  const away = (i: number) => Math.hypot(lab.lightness[i]! - l, lab.a[i]! - a, lab.b[i]! - b);
  return frame.length === 0 ? 0 : frame.reduce((sum, i) => sum + away(i), 0) / frame.length;
}

function edgeShare({ mask, size, lab }: Cut): number {
  const away = distanceMap(size, (i) => mask[i] === 1);
  let [all, edges] = [0, 0];
  for (let y = 0; y < size.height - 5; y++) {
    for (let x = 0; x < size.width - 5; x++) {
      const i = y * size.width + x;
      if (away[i]! < 8) continue;
      all++;
      if (Math.max(difference(lab, i, i + 5), difference(lab, i, i + 5 * size.width)) > visibleEdge) edges++;
    }
  }
  return all === 0 ? 0 : edges / all;
}
