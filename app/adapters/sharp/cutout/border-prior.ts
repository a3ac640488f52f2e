import { kMeans, squaredDistance } from "../filters/k-means.ts";
import type { LabPlanes } from "../filters/lab-colour.ts";
import { newPlane, type Plane, type Size } from "../raster.ts";
import { geodesicDistance } from "./geodesic-distance.ts";

/** What is believed of a pixel before anything is cut. Only the two in the middle may be cut either way. */
export const belief = { surelyBackground: 0, maybeBackground: 1, maybePet: 2, surelyPet: 3 } as const;

/** Shares of all pixels that start out no better than surely background, maybe background, maybe pet. */
const shares = { surelyBackground: 0.18, maybeBackground: 0.45, maybePet: 0.85 };
const frameClusters = 7;
/** A frame pixel with a colour this far from the frame's own (Lab) is a pet that the photo cuts off. */
const strangeColour = 22;
/** Colours this near to the frame's (Lab) are taken for background at first. */
const familiarColour = 9;

/**
 * Where the pet probably is, from nothing but the photo: people put pets in the middle, and the frame shows what the
 * background looks like. A pixel is likelier pet the more edges lie between it and the frame, the less its colour occurs
 * on the frame, and the nearer it is to the middle.
 *
 * @returns a {@link belief} for each pixel
 */
export function borderPrior(lab: LabPlanes, size: Size): Uint8Array {
  const strangeness = distanceToFrameColours(lab, size);
  const enclosure = geodesicDistance(lab, size, framePixels(size));
  const scores = newPlane(size);
  const far = quantile(enclosure, 0.95) || 1;
  const strange = quantile(strangeness, 0.95) || 1;
  for (let i = 0; i < scores.length; i++) {
    scores[i] =
      0.4 * Math.min(1, enclosure[i]! / far) +
      0.38 * Math.min(1, strangeness[i]! / strange) +
      0.22 * centrality(i, size);
  }
  const beliefs = rank(scores);
  // Grass between the legs is in the middle and enclosed, but its colour is the frame's: it starts as background, or the
  // pet's colour model would learn it and never let it go.
  for (let i = 0; i < beliefs.length; i++) {
    if (strangeness[i]! < familiarColour) beliefs[i] = Math.min(beliefs[i]!, belief.maybeBackground);
  }
  for (const i of framePixels(size)) if (strangeness[i]! < strangeColour) beliefs[i] = belief.surelyBackground;
  return beliefs;
}

function rank(scores: Plane): Uint8Array {
  const [low, middle, high] = [shares.surelyBackground, shares.maybeBackground, shares.maybePet].map((share) =>
    quantile(scores, share),
  );
  return Uint8Array.from(scores, (score) => {
    if (score > high!) return belief.surelyPet;
    if (score > middle!) return belief.maybePet;
    return score > low! ? belief.maybeBackground : belief.surelyBackground;
  });
}

/** Two pixels deep; without the middle of the lower side, where most pets leave the photo. */
function framePixels({ width, height }: Size): number[] {
  const frame: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const onSide = x < 2 || x >= width - 2 || y < 2;
      const below = y >= height - 2 && Math.abs(x / width - 0.5) > 0.3;
      if (onSide || below) frame.push(y * width + x);
    }
  }
  return frame;
}

function distanceToFrameColours({ lightness, a, b }: LabPlanes, size: Size): Plane {
  const frame = framePixels(size);
  const values = new Float32Array(frame.length * 3);
  frame.forEach((at, i) => values.set([lightness[at]!, a[at]!, b[at]!], i * 3));
  const { centres } = kMeans({ values, dimensions: 3 }, { count: frameClusters, rounds: 8, seed: 7 });
  const distance = newPlane(size);
  const colour = new Float32Array(3);
  for (let i = 0; i < distance.length; i++) {
    colour[0] = lightness[i]!;
    colour[1] = a[i]!;
    colour[2] = b[i]!;
    let nearest = Infinity;
    for (let c = 0; c < frameClusters; c++) nearest = Math.min(nearest, squaredDistance(colour, 0, centres, c * 3, 3));
    distance[i] = Math.sqrt(nearest);
  }
  return distance;
}

function centrality(index: number, { width, height }: Size): number {
  const x = ((index % width) + 0.5) / width - 0.5;
  const y = (Math.floor(index / width) + 0.5) / height - 0.52;
  return Math.exp(-(x * x + y * y) / (2 * 0.27 * 0.27));
}

function quantile(values: Plane, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
