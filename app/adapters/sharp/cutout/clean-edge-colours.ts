import { clamp01, mix, smoothstep } from "../curves.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import { eachChannel, luma, type Colours, type Plane, type Size } from "../raster.ts";

/** How much of the border's own light and shade survives under its new colour: enough for the hairs to stay. */
const keptShading = 0.55;

/**
 * Takes the old background's colour out of the border: where a pixel is only partly pet, its colour becomes that of the
 * pet's inside nearby. Without it a white cat that lay on a red sofa is painted with a pink rim.
 *
 * @param sigma - how far inwards the pet's own colour is looked for, pixels
 */
export function cleanEdgeColours(colours: Colours, alpha: Plane, size: Size, sigma: number): Colours {
  const certain = gaussianBlur(alpha, size, sigma * 0.6).map((value) => smoothstep(0.72, 0.98, value));
  const weight = gaussianBlur(certain, size, sigma);
  const insides = eachChannel(colours, (channel) => {
    const inside = gaussianBlur(
      channel.map((value, i) => value * certain[i]!),
      size,
      sigma,
    );
    return inside.map((value, i) => (weight[i]! < 1e-3 ? channel[i]! : value / weight[i]!));
  });
  const shading = luma(insides);
  const light = luma(colours);
  for (let i = 0; i < shading.length; i++) shading[i] = keptShading * (light[i]! - shading[i]!);
  const repaint = (own: Plane, inside: Plane) =>
    own.map((value, i) => mix(clamp01(inside[i]! + shading[i]!), value, certain[i]!));
  return {
    red: repaint(colours.red, insides.red),
    green: repaint(colours.green, insides.green),
    blue: repaint(colours.blue, insides.blue),
  };
}
