import { smoothstep } from "../curves.ts";
import type { Drawing } from "../drawing.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import type { Scene } from "../composition/scene.ts";
import type { Plane } from "../raster.ts";

/**
 * Small bright dots against something darker, above all the lights in eyes; 1 is opaque white. Only dots that stand alone:
 * a whole field of them is wet fur, and would look like chrome.
 */
export function gelPen({ light, details }: Drawing, { size, unit, alpha }: Scene): Plane {
  const around = gaussianBlur(light, size, 6 * unit);
  const spot = gaussianBlur(light, size, 0.7 * unit);
  const bright = spot.map((value, i) => smoothstep(0.18, 0.34, value - around[i]!) * smoothstep(0.6, 0.95, alpha[i]!));
  const company = gaussianBlur(bright, size, 12 * unit);
  return bright.map((value, i) => value * (0.1 + 0.85 * details[i]!) * smoothstep(0.09, 0.03, company[i]!));
}
