import { newPlane, type Plane, type Size } from "../raster.ts";
import { gaussianBlur } from "./gaussian-blur.ts";

/**
 * Which way fur, contours and folds run at each pixel: a unit vector along them. What the brush follows.
 */
export type EdgeFlow = {
  x: Plane;
  y: Plane;
  /** 0 where nothing points anywhere, 1 where everything runs one way. */
  certainty: Plane;
};

/**
 * The flow from the smoothed structure tensor; after Brox, Weickert et al., "Adaptive structure tensors", 2006, as used for
 * painterly filters by Kyprianidis and Döllner, 2008.
 *
 * @param sigma - how far around, in pixels, neighbours have a say; larger gives calmer flow
 */
export function edgeFlow(light: Plane, size: Size, sigma: number): EdgeFlow {
  const [xx, xy, yy] = gradientProducts(light, size).map((product) => gaussianBlur(product, size, sigma));
  const x = newPlane(size);
  const y = newPlane(size);
  const certainty = newPlane(size);
  for (let i = 0; i < x.length; i++) {
    const e = xx![i]!;
    const f = xy![i]!;
    const g = yy![i]!;
    const root = Math.sqrt((e - g) * (e - g) + 4 * f * f);
    const strong = (e + g + root) / 2;
    // The eigenvector of the weak direction, in whichever of its two equal forms cannot vanish here.
    const tx = e >= g ? -f : strong - e;
    const ty = e >= g ? strong - g : -f;
    const length = Math.sqrt(tx * tx + ty * ty);
    x[i] = length > 1e-9 ? tx / length : 1;
    y[i] = length > 1e-9 ? ty / length : 0;
    certainty[i] = root / (e + g + 1e-5);
  }
  return { x, y, certainty };
}

/** Products of the two derivatives (a 3 × 3 kernel that treats all directions nearly alike), edges repeated. */
function gradientProducts(light: Plane, size: Size): [Plane, Plane, Plane] {
  const { width, height } = size;
  const products: [Plane, Plane, Plane] = [newPlane(size), newPlane(size), newPlane(size)];
  const [xx, xy, yy] = products;
  for (let y = 0; y < height; y++) {
    const up = Math.max(0, y - 1) * width;
    const here = y * width;
    const down = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1);
      const right = Math.min(width - 1, x + 1);
      const a = light[up + left]!;
      const c = light[up + right]!;
      const g = light[down + left]!;
      const i = light[down + right]!;
      const dx = 0.183 * (c - a + i - g) + 0.634 * (light[here + right]! - light[here + left]!);
      const dy = 0.183 * (g - a + i - c) + 0.634 * (light[down + x]! - light[up + x]!);
      xx[here + x] = dx * dx;
      xy[here + x] = dx * dy;
      yy[here + x] = dy * dy;
    }
  }
  return products;
}
