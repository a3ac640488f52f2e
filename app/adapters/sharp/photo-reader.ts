import pLimit from "p-limit";
import sharp, { type Sharp } from "sharp";
import { AppError } from "#app/kernel/errors.ts";
import type { NormalisedPhoto, PhotoCrop, PhotoProbe, PhotoReader } from "#app/photos/photo-reader.ts";
import { createPixelRoom, type PixelRoom } from "#app/photos/pixel-room.ts";
import { cropMemory, decodeMemory } from "./decode-memory.ts";
import { isPhonesHeic } from "./phones-heic.ts";
import { makeSharpSafe, mostInputPixels } from "./sharp-settings.ts";

/** More than this take each other's processors and nothing is done sooner. */
const decodesAtOnce = 2;
const decodeSeconds = 20;
const whitePaper = { r: 255, g: 255, b: 255 };
/** Tables made for each photo would save a twentieth of its bytes, and hold it whole a second time: 140 MB at 4096 pixels. */
const photoJpeg = { quality: 92, chromaSubsampling: "4:4:4", optimizeCoding: false } as const;

/**
 * Fills the photo intake's port with sharp.
 *
 * @param room - for what is decoded; as much as any photo needs where it is not given
 */
export function createPhotoReader(room: PixelRoom = createPixelRoom({ bytes: 3_000_000_000 })): PhotoReader {
  makeSharpSafe();
  const decoding = pLimit(decodesAtOnce);
  return Object.freeze({
    probe: (path) => probe(path, room),
    normalise: (path, options) => decoding(() => normalise(path, room, options)),
    crop: (photo, crop, options) => decoding(() => cropPhoto(photo, { crop, room, ...options })),
  } satisfies PhotoReader);
}

async function probe(path: string, room: PixelRoom): Promise<PhotoProbe> {
  try {
    if (await isPhonesHeic(path)) return { kind: "hevc" };
    const header = await open(path).metadata();
    const { format, compression, autoOrient, pages = 1 } = header;
    if (format === "heif" && compression === "hevc") return { kind: "hevc" };
    const known = format === "heif" && compression === "av1" ? "avif" : format;
    if (known !== "jpeg" && known !== "png" && known !== "webp" && known !== "avif") return { kind: "unknown" };
    if (decodeMemory(header) > room.bytes) return { kind: "too-demanding" };
    return { kind: "photo", format: known, width: autoOrient.width, height: autoOrient.height, pages };
  } catch (error) {
    return { kind: /pixel limit/i.test(String(error)) ? "too-many-pixels" : "unknown" };
  }
}

async function normalise(
  path: string,
  room: PixelRoom,
  { longestSide, signal }: { longestSide: number; signal?: AbortSignal },
): Promise<NormalisedPhoto | "broken"> {
  signal?.throwIfAborted();
  const header = await open(path)
    .metadata()
    .catch(() => undefined);
  if (header === undefined) return "broken";
  const stay = await room.enter(decodeMemory(header), { signal });
  try {
    const { data, info } = await asJpeg(open(path).autoOrient(), longestSide).toBuffer({ resolveWithObject: true });
    signal?.throwIfAborted();
    // Whoever stores it makes a copy.
    stay.keep(2 * data.length);
    return { bytes: data, width: info.width, height: info.height, release: stay.leave };
  } catch {
    stay.leave();
    return "broken";
  } finally {
    signal?.throwIfAborted();
  }
}

type Part = { crop: PhotoCrop | null; room: PixelRoom; longestSide: number };

async function cropPhoto(photo: Buffer, { room, ...part }: Part): Promise<Buffer> {
  try {
    const stay = await room.enter(cropMemory(await open(photo).metadata()));
    return await cropped(photo, part).finally(stay.leave);
  } catch (error) {
    throw new AppError({
      code: "photo_broken",
      kind: "invalid",
      publicMessage: "This photo seems to be damaged. Please try another one.",
      cause: error,
    });
  }
}

async function cropped(photo: Buffer, { crop, longestSide }: Omit<Part, "room">): Promise<Buffer> {
  const upright = open(photo).autoOrient();
  if (crop === null) return asJpeg(upright, longestSide).toBuffer();
  const turned = upright.rotate(crop.turn);
  const { data, info } = await turned.raw().toBuffer({ resolveWithObject: true });
  const part = sharp(data, { raw: info }).extract(wholePixels(crop, info));
  return asJpeg(part, longestSide).toBuffer();
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
