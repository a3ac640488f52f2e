import type { LabPlanes } from "../filters/lab-colour.ts";
import { newPlane, type Plane, type Size } from "../raster.ts";

/** What a step costs even where the colour stays the same, in Lab units. */
const stepCost = 0.3;
const sweeps = 3;

/**
 * Length of the cheapest path to each pixel from any of `sources`, where a step costs the change of colour: crossing one
 * strong contour is dearer than walking across a whole lawn. Three rounds of sweeps in all directions come close enough.
 */
export function geodesicDistance(lab: LabPlanes, size: Size, sources: number[]): Plane {
  const { width, height } = size;
  const distance = newPlane(size, Infinity);
  for (const source of sources) distance[source] = 0;
  const reach = (at: number, from: number) => {
    const through = distance[from]! + stepCost + colourStep(lab, at, from);
    if (through < distance[at]!) distance[at] = through;
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let y = 0; y < height; y++) {
      const row = y * width;
      if (y > 0) for (let x = 0; x < width; x++) reach(row + x, row + x - width);
      for (let x = 1; x < width; x++) reach(row + x, row + x - 1);
      for (let x = width - 2; x >= 0; x--) reach(row + x, row + x + 1);
    }
    for (let y = height - 2; y >= 0; y--) {
      const row = y * width;
      for (let x = 0; x < width; x++) reach(row + x, row + x + width);
      for (let x = 1; x < width; x++) reach(row + x, row + x - 1);
      for (let x = width - 2; x >= 0; x--) reach(row + x, row + x + 1);
    }
  }
  return distance;
}

function colourStep({ lightness, a, b }: LabPlanes, i: number, j: number): number {
  const dl = lightness[i]! - lightness[j]!;
  const da = a[i]! - a[j]!;
  const db = b[i]! - b[j]!;
  return Math.sqrt(dl * dl + da * da + db * db);
}
