import { smoothstep } from "../curves.ts";
import type { Drawing } from "../drawing.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import type { Scene } from "../composition/scene.ts";
import type { Plane } from "../raster.ts";

/** Small bright dots and hairs against something darker, above all the lights in eyes; 1 is opaque white. */
export function gelPen({ light, details }: Drawing, { size, unit, alpha }: Scene): Plane {
  const around = gaussianBlur(light, size, 6 * unit);
  const spot = gaussianBlur(light, size, 0.7 * unit);
  return spot.map((value, i) => {
    const most = 0.15 + 0.8 * details[i]!;
    return most * smoothstep(0.18, 0.34, value - around[i]!) * smoothstep(0.6, 0.95, alpha[i]!);
  });
}
