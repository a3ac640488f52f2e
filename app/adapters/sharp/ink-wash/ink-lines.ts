import { clamp01, smoothstep } from "../curves.ts";
import type { Drawing } from "../drawing.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { xdogLines } from "../filters/xdog.ts";
import type { Scene } from "../composition/scene.ts";
import type { Plane } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";

/** Density of the brush's lines: what is drawn inside the pet, and a contour whose pressure comes and goes. */
export function inkLines({ light, flow }: Drawing, scene: Scene, seed: number): Plane {
  const { size, unit, alpha, outline } = scene;
  const lines = xdogLines(light, size, flow, {
    sigma: 1.25 * unit,
    along: 5 * unit,
    sharpness: 11,
    threshold: 0.42,
    hardness: 5,
    mask: alpha,
  });
  const pressure = fractalNoise(size, { cell: 110 * unit, octaves: 3, seed: seedFor(seed, "pressure") });
  for (let i = 0; i < lines.length; i++) {
    const contour = outline[i]! * smoothstep(-0.9, 1.1, pressure[i]!) * smoothstep(0.25, 0.75, light[i]!);
    lines[i] = 1.25 * lines[i]! * clamp01(alpha[i]! * 1.4 - 0.3) + 0.95 * contour;
  }
  return lines;
}
