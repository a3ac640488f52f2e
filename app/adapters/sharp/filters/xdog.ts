import type { Plane, Size } from "../raster.ts";
import type { EdgeFlow } from "./edge-flow.ts";
import { smoothAlongFlow, unpainted } from "./flow-smoothing.ts";
import { gaussianKernel } from "./gaussian-blur.ts";
import { sampleBetween } from "./sample.ts";

export type XdogOptions = {
  /** Thickness of lines, pixels. */
  sigma: number;
  /** How far lines are drawn together along the flow, pixels. */
  along: number;
  /** Weight of edges against tone; around 10 draws lines, around 1 fills shadows. */
  sharpness: number;
  /** Light level (0 to 1) below which ink flows. */
  threshold: number;
  /** Hardness of the ink's border. */
  hardness: number;
  mask: Plane;
};

/** Ratio of the two Gaussians; close to what the retina does, and to the Laplacian. */
const spread = 1.6;

/**
 * Ink lines, 0 (paper) to 1 (ink): extended difference of Gaussians across the flow, drawn out along it. Winnemöller,
 * Kyprianidis and Olsen, "XDoG: An eXtended difference-of-Gaussians compendium", Computers & Graphics 2012; the flow form
 * is Kang, Lee and Chui's, NPAR 2007.
 */
export function xdogLines(light: Plane, size: Size, flow: EdgeFlow, options: XdogOptions): Plane {
  const across = differenceAcross(light, size, flow, options);
  const [drawn] = smoothAlongFlow([across], size, flow, { sigma: options.along, mask: options.mask });
  const ink = drawn!;
  for (let i = 0; i < ink.length; i++) {
    const below = options.threshold - ink[i]!;
    ink[i] = options.mask[i]! < unpainted || below <= 0 ? 0 : Math.tanh(options.hardness * below);
  }
  return ink;
}

/** Sharpened light: the narrow Gaussian plus `sharpness` times the difference to the wide one. */
function differenceAcross(light: Plane, size: Size, flow: EdgeFlow, { sigma, sharpness, mask }: XdogOptions): Plane {
  const wide = gaussianKernel(sigma * spread);
  const narrow = new Float32Array(wide.length);
  narrow.set(gaussianKernel(sigma));
  const result = light.slice();
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const at = y * size.width + x;
      if (mask[at]! < unpainted) continue;
      const nx = -flow.y[at]!;
      const ny = flow.x[at]!;
      let narrowSum = light[at]! * narrow[0]!;
      let wideSum = light[at]! * wide[0]!;
      for (let i = 1; i < wide.length; i++) {
        const both =
          sampleBetween(light, size, x + nx * i, y + ny * i) + sampleBetween(light, size, x - nx * i, y - ny * i);
        narrowSum += both * narrow[i]!;
        wideSum += both * wide[i]!;
      }
      result[at] = narrowSum + sharpness * (narrowSum - wideSum);
    }
  }
  return result;
}
