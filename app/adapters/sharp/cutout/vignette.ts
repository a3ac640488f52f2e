import { smoothstep } from "../curves.ts";
import { newPlane, type Plane, type Size } from "../raster.ts";

/**
 * A soft oval around the middle of a photo whose background is kept: opaque in the middle, gone before the frame, so that
 * nothing of the photo ends in a straight line.
 */
export function vignette(size: Size): Plane {
  const alpha = newPlane(size);
  for (let y = 0; y < size.height; y++) {
    const down = ((y + 0.5) / size.height) * 2 - 1;
    for (let x = 0; x < size.width; x++) {
      const across = ((x + 0.5) / size.width) * 2 - 1;
      // Between an ellipse and a rectangle: an ellipse would lose the ears in the corners.
      const radius = Math.cbrt(Math.abs(across) ** 3 + Math.abs(down) ** 3);
      alpha[y * size.width + x] = smoothstep(1, 0.7, radius);
    }
  }
  return alpha;
}
