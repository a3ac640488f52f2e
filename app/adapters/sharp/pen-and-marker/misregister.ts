import { fractalNoise } from "../filters/fractal-noise.ts";
import { newColours, newPlane, type Colours, type Plane } from "../raster.ts";
import type { Scene } from "../composition/scene.ts";
import { seededRandom, seedFor } from "../seeded-random.ts";

/** The colour layer slipped by a few wandering pixels against the lines: slivers of paper here, a little over the edge there. */
export function misregister(colours: Colours, scene: Scene, seed: number): { colours: Colours; alpha: Plane } {
  const { size, unit } = scene;
  const random = seededRandom(seed);
  const slip = { x: random.between(2.5, 4.5) * unit, y: random.between(-4, -2) * unit };
  const wander = { cell: 60 * unit, octaves: 2 };
  const driftX = fractalNoise(size, { ...wander, seed: seedFor(seed, "x") });
  const driftY = fractalNoise(size, { ...wander, seed: seedFor(seed, "y") });
  const moved = newColours(size, 1);
  const alpha = newPlane(size);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const to = y * size.width + x;
      const fromX = Math.round(x - slip.x - 1.6 * unit * driftX[to]!);
      const fromY = Math.round(y - slip.y - 1.6 * unit * driftY[to]!);
      if (fromX < 0 || fromY < 0 || fromX >= size.width || fromY >= size.height) continue;
      const from = fromY * size.width + fromX;
      alpha[to] = scene.alpha[from]!;
      moved.red[to] = colours.red[from]!;
      moved.green[to] = colours.green[from]!;
      moved.blue[to] = colours.blue[from]!;
    }
  }
  return { colours: moved, alpha };
}
