import pLimit from "p-limit";
import sharp, { type Sharp } from "sharp";
import { AppError } from "#app/kernel/errors.ts";
import type { NormalisedPhoto, PhotoCrop, PhotoProbe, PhotoReader } from "#app/photos/photo-reader.ts";
import { isPhonesHeic } from "./phones-heic.ts";
import { makeSharpSafe, mostInputPixels } from "./sharp-settings.ts";

/** Two large photos are about 400 MB at work; a third one waits. */
const decodesAtOnce = 2;
const decodeSeconds = 20;
const whitePaper = { r: 255, g: 255, b: 255 };
const photoJpeg = { quality: 92, chromaSubsampling: "4:4:4" } as const;

/** Fills the photo intake's port with sharp. */
export function createPhotoReader(): PhotoReader {
  makeSharpSafe();
  const decoding = pLimit(decodesAtOnce);
  return Object.freeze({
    probe,
    normalise: (path, options) => decoding(() => normalise(path, options)),
    crop: (photo, crop, options) => decoding(() => cropPhoto(photo, crop, options)),
  } satisfies PhotoReader);
}

async function probe(path: string): Promise<PhotoProbe> {
  try {
    if (await isPhonesHeic(path)) return { kind: "hevc" };
    const { format, compression, autoOrient, pages = 1 } = await open(path).metadata();
    if (format === "heif" && compression === "hevc") return { kind: "hevc" };
    const known = format === "heif" && compression === "av1" ? "avif" : format;
    if (known !== "jpeg" && known !== "png" && known !== "webp" && known !== "avif") return { kind: "unknown" };
    return { kind: "photo", format: known, width: autoOrient.width, height: autoOrient.height, pages };
  } catch (error) {
    return { kind: /pixel limit/i.test(String(error)) ? "too-many-pixels" : "unknown" };
  }
}

async function normalise(
  path: string,
  { longestSide, signal }: { longestSide: number; signal?: AbortSignal },
): Promise<NormalisedPhoto | "broken"> {
  signal?.throwIfAborted();
  try {
    const { data, info } = await asJpeg(open(path).autoOrient(), longestSide).toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch {
    return "broken";
  } finally {
    signal?.throwIfAborted();
  }
}

async function cropPhoto(
  photo: Buffer,
  crop: PhotoCrop | null,
  { longestSide }: { longestSide: number },
): Promise<Buffer> {
  try {
    const upright = open(photo).autoOrient();
    if (crop === null) return await asJpeg(upright, longestSide).toBuffer();
    const turned = upright.rotate(crop.turn);
    const { data, info } = await turned.raw().toBuffer({ resolveWithObject: true });
    const part = sharp(data, { raw: info }).extract(wholePixels(crop, info));
    return await asJpeg(part, longestSide).toBuffer();
  } catch (error) {
    throw new AppError({
      code: "photo_broken",
      kind: "invalid",
      publicMessage: "This photo seems to be damaged. Please try another one.",
      cause: error,
    });
  }
}

/** Never empty and never outside, whatever fractions come in. */
function wholePixels(crop: PhotoCrop, { width, height }: { width: number; height: number }) {
  const left = Math.min(width - 1, Math.max(0, Math.round(crop.x * width)));
  const top = Math.min(height - 1, Math.max(0, Math.round(crop.y * height)));
  return {
    left,
    top,
    width: Math.min(width - left, Math.max(1, Math.round(crop.width * width))),
    height: Math.min(height - top, Math.max(1, Math.round(crop.height * height))),
  };
}

function open(source: string | Buffer): Sharp {
  return sharp(source, { limitInputPixels: mostInputPixels, failOn: "warning", pages: 1 });
}

function asJpeg(picture: Sharp, longestSide: number): Sharp {
  return picture
    .flatten({ background: whitePaper })
    .resize({ width: longestSide, height: longestSide, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .jpeg(photoJpeg)
    .timeout({ seconds: decodeSeconds });
}
