import sharp from "sharp";
import type { PreviewMaker } from "#app/gallery/preview-maker.ts";
import { mostInputPixels } from "./sharp-settings.ts";

/** As tall as a phone or a product page ever shows a portrait, pixels. */
const mostHeight = 1280;
const mostWidth = 1024;

/** JPEG in sRGB, no larger than a page shows it. A JPEG that is small enough already stays as it is. */
export function createPreviewMaker(): PreviewMaker {
  return Object.freeze({
    async make(master) {
      const image = sharp(master, { limitInputPixels: mostInputPixels });
      const { format, width, height } = await image.metadata();
      if (format === "jpeg" && width <= mostWidth && height <= mostHeight)
        return { bytes: master, contentType: "image/jpeg", width, height };
      const { data, info } = await image
        .resize({ width: mostWidth, height: mostHeight, fit: "inside", withoutEnlargement: true })
        .toColourspace("srgb")
        .flatten({ background: "#ffffff" })
        .jpeg({ quality: 90, chromaSubsampling: "4:4:4", mozjpeg: false })
        .toBuffer({ resolveWithObject: true });
      return { bytes: data, contentType: "image/jpeg", width: info.width, height: info.height };
    },
  } satisfies PreviewMaker);
}
