import { clamp01, smoothstep } from "../curves.ts";
import type { Drawing } from "../drawing.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import { xdogLines } from "../filters/xdog.ts";
import type { Scene } from "../composition/scene.ts";
import type { Plane } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";

/** How much of the tone the pens still see: little, or they would fill dark fur instead of drawing it. */
const seenTone = 0.35;

/**
 * Lines of two pens, a broad one for forms and a fine one for fur and faces, and the contour; 0 is paper, 1 is black. The
 * broad pen stays out of eyes and noses.
 */
export function penLines({ light, details, flow }: Drawing, scene: Scene, seed: number): Plane {
  const { size, unit, alpha, outline } = scene;
  const form = gaussianBlur(light, size, 22 * unit);
  const seen = light.map((value, i) => 0.6 + (value - form[i]!) + seenTone * (form[i]! - 0.5));
  const pen = { along: 5 * unit, mask: alpha };
  const broad = xdogLines(seen, size, flow, { ...pen, sigma: 2.2 * unit, sharpness: 10, threshold: 0.34, hardness: 6 });
  const fine = xdogLines(seen, size, flow, { ...pen, sigma: 1.05 * unit, sharpness: 14, threshold: 0.36, hardness: 4 });
  const pressure = fractalNoise(size, { cell: 120 * unit, octaves: 3, seed: seedFor(seed, "pressure") });
  for (let i = 0; i < fine.length; i++) {
    const press = 1 + 0.25 * pressure[i]!;
    const contour = smoothstep(0.3, 0.8, outline[i]! * press);
    const drawn = Math.max(broad[i]! * (1 - details[i]!), clamp01(press) * 0.9 * fine[i]!);
    fine[i] = clamp01(Math.max(drawn * clamp01(alpha[i]! * 1.5 - 0.4), 0.94 * contour));
  }
  return fine;
}
