import { clamp01, smoothstep } from "../curves.ts";
import type { EdgeFlow } from "../filters/edge-flow.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { xdogLines } from "../filters/xdog.ts";
import type { Scene } from "../composition/scene.ts";
import type { Plane } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";

/** Lines of two pens, a broad and a fine one, and the contour; 0 is paper, 1 is black. */
export function penLines(light: Plane, scene: Scene, flow: EdgeFlow, seed: number): Plane {
  const { size, unit, alpha, outline } = scene;
  const pen = { along: 4 * unit, threshold: 0.4, mask: alpha };
  const broad = xdogLines(light, size, flow, { ...pen, sigma: 2.1 * unit, sharpness: 14, hardness: 7 });
  const fine = xdogLines(light, size, flow, { ...pen, sigma: 1.05 * unit, sharpness: 16, hardness: 5 });
  const pressure = fractalNoise(size, { cell: 120 * unit, octaves: 3, seed: seedFor(seed, "pressure") });
  for (let i = 0; i < fine.length; i++) {
    const contour = smoothstep(0.25, 0.75, outline[i]! * (1 + 0.25 * pressure[i]!));
    const drawn = Math.max(broad[i]!, 0.85 * fine[i]!) * clamp01(alpha[i]! * 1.5 - 0.4);
    fine[i] = clamp01(Math.max(drawn, 0.92 * contour));
  }
  return fine;
}
