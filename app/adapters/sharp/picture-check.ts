import sharp from "sharp";
import { PictureBroken, type CheckedPicture, type PictureCheck } from "#app/painters/picture-check.ts";
import { mostInputPixels } from "./sharp-settings.ts";

/** A painter's shapes are near the wished one and never exact: 4 : 5 comes as 928 × 1152. */
const mostShapeError = 0.08;
const leastSide = 256;

/** Decodes a painter's picture to the last pixel, at a sixteenth of the memory that keeping it would take. */
export function createPictureCheck(): PictureCheck {
  return Object.freeze({
    async check(image, wanted) {
      const { contentType, width, height } = await whatItIs(image);
      if (Math.min(width, height) < Math.min(leastSide, wanted.width, wanted.height))
        throw new PictureBroken(`the picture is ${width} × ${height} pixels small`);
      const shapeError = Math.abs((width / height) * (wanted.height / wanted.width) - 1);
      if (shapeError > mostShapeError)
        throw new PictureBroken(
          `the picture has the shape ${width} × ${height}, not ${wanted.width} × ${wanted.height}`,
        );
      await decodeToTheEnd(image);
      return { contentType, width, height };
    },
  } satisfies PictureCheck);
}

const contentTypes: Record<string, CheckedPicture["contentType"]> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};

async function whatItIs(image: Buffer): Promise<CheckedPicture> {
  // sharp refuses an empty buffer before there is a promise that could be caught.
  if (image.length === 0) throw new PictureBroken("there are no bytes");
  const { format, width, height } = await sharp(image, { limitInputPixels: mostInputPixels })
    .metadata()
    .catch((cause: unknown) => {
      throw new PictureBroken("the bytes are no picture", { cause });
    });
  const contentType = contentTypes[format];
  if (contentType === undefined) throw new PictureBroken(`the picture is of the kind ${format}`);
  return { contentType, width, height };
}

/** `stats` reads every pixel and keeps none; a cut or damaged picture fails here. */
async function decodeToTheEnd(image: Buffer): Promise<void> {
  await sharp(image, { limitInputPixels: mostInputPixels, failOn: "warning" })
    .stats()
    .catch((cause: unknown) => {
      throw new PictureBroken("the picture does not decode to its end", { cause });
    });
}
