import { smoothstep } from "../curves.ts";
import { distanceMap } from "../filters/distance-map.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import { resample } from "../filters/resample.ts";
import { sampleBetween } from "../filters/sample.ts";
import { newPlane, type Colours, type Plane, type Size } from "../raster.ts";
import { alphaModel } from "./alpha-matte.ts";

/** How far from the cut, in pixels of the small mask, the photo may still change its mind. */
const band = 5;

export type CutPhoto = {
  /** The photo at the size of the result. */
  colours: Colours;
  size: Size;
  /** The photo at about twice the size of the mask, for the model. */
  guide: Colours;
  guideSize: Size;
};

/**
 * A hard, small mask made into a soft alpha at the photo's own size, with borders that follow the photo's contours.
 * Only a band around the cut is refined: further in and out the cut has decided.
 */
export function refineAlpha(mask: Uint8Array, maskSize: Size, photo: CutPhoto): Plane {
  const soft = gaussianBlur(Float32Array.from(mask), maskSize, 0.8);
  const model = alphaModel(resample(soft, maskSize, photo.guideSize), photo.guide, photo.guideSize);
  const inside = distanceMap(maskSize, (i) => mask[i] === 0);
  const outside = distanceMap(maskSize, (i) => mask[i] === 1);
  const { colours, size } = photo;
  const alpha = newPlane(size);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const at = y * size.width + x;
      const mx = ((x + 0.5) * maskSize.width) / size.width - 0.5;
      const my = ((y + 0.5) * maskSize.height) / size.height - 0.5;
      const deep = sampleBetween(inside, maskSize, mx, my);
      const away = sampleBetween(outside, maskSize, mx, my);
      if (deep > band || away > band) {
        alpha[at] = deep > away ? 1 : 0;
        continue;
      }
      const gx = ((x + 0.5) * photo.guideSize.width) / size.width - 0.5;
      const gy = ((y + 0.5) * photo.guideSize.height) / size.height - 0.5;
      const fitted =
        sampleBetween(model.red, photo.guideSize, gx, gy) * colours.red[at]! +
        sampleBetween(model.green, photo.guideSize, gx, gy) * colours.green[at]! +
        sampleBetween(model.blue, photo.guideSize, gx, gy) * colours.blue[at]! +
        sampleBetween(model.offset, photo.guideSize, gx, gy);
      // Towards the rim of the band the mask's own word counts, so that the band does not end in a step.
      const trust = smoothstep(band, band * 0.5, Math.max(deep, away));
      const own = sampleBetween(soft, maskSize, mx, my);
      alpha[at] = smoothstep(0.2, 0.92, own + (fitted - own) * trust);
    }
  }
  return alpha;
}
