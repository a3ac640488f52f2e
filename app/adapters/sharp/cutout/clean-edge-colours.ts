import { clamp01, mix } from "../curves.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import { eachChannel, type Colours, type Plane, type Size } from "../raster.ts";

/**
 * Takes the old background's colour out of the border: where a pixel is only partly pet, its colour becomes that of the
 * pet's inside nearby. Without it a white cat that lay on a red sofa is painted with a pink rim.
 *
 * @param sigma - how far inwards the pet's own colour is looked for, pixels
 */
export function cleanEdgeColours(colours: Colours, alpha: Plane, size: Size, sigma: number): Colours {
  const certain = alpha.map((value) => clamp01((value - 0.9) * 10));
  const weight = gaussianBlur(certain, size, sigma);
  return eachChannel(colours, (channel) => {
    const inside = gaussianBlur(
      channel.map((value, i) => value * certain[i]!),
      size,
      sigma,
    );
    return channel.map((value, i) => {
      if (weight[i]! < 1e-3) return value;
      const own = inside[i]! / weight[i]!;
      return mix(value, own, 1 - certain[i]!);
    });
  });
}
