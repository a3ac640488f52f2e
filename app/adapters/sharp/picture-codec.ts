import sharp from "sharp";
import { mostInputPixels } from "./sharp-settings.ts";
import { newColours, newPlane, type Colours, type Plane, type Size } from "./raster.ts";

/** What sharp decodes to and encodes from: bytes, channel beside channel. */
export type RawPicture = { data: Uint8Array; width: number; height: number; channels: 3 | 4 };

export type Picture = { size: Size; colours: Colours; alpha: Plane };

/** The bytes are no picture that sharp can decode to the end. */
export class UnreadablePicture extends Error {
  override readonly name = "UnreadablePicture";
}

/**
 * Decodes to 8-bit sRGB with alpha, upright, shrunk so that no side is longer than `longestSide` pixels.
 *
 * @throws UnreadablePicture
 */
export async function decodePicture(bytes: Uint8Array, longestSide: number): Promise<RawPicture> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: mostInputPixels, failOn: "warning" })
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: 4 };
  } catch (error) {
    throw new UnreadablePicture("the picture cannot be decoded", { cause: error });
  }
}

/** A part of a picture at another size. Colours under transparency do not bleed into the edge. */
export async function resizePart(
  raw: RawPicture,
  part: { x: number; y: number } & Size,
  size: Size,
): Promise<RawPicture> {
  const { data, info } = await sharp(raw.data, { raw })
    .extract({ left: part.x, top: part.y, width: part.width, height: part.height })
    .resize({ width: size.width, height: size.height, fit: "fill", kernel: "mitchell" })
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: raw.channels };
}

export function pictureOf(raw: RawPicture): Picture {
  const size = { width: raw.width, height: raw.height };
  const colours = newColours(size);
  const alpha = newPlane(size, 1);
  const { data, channels } = raw;
  for (let i = 0, at = 0; i < alpha.length; i++, at += channels) {
    colours.red[i] = data[at]! / 255;
    colours.green[i] = data[at + 1]! / 255;
    colours.blue[i] = data[at + 2]! / 255;
    if (channels === 4) alpha[i] = data[at + 3]! / 255;
  }
  return { size, colours, alpha };
}

export function rawOf(colours: Colours, size: Size, alpha?: Plane): RawPicture {
  const channels = alpha === undefined ? 3 : 4;
  const data = new Uint8Array(size.width * size.height * channels);
  for (let i = 0, at = 0; i < colours.red.length; i++, at += channels) {
    data[at] = toByte(colours.red[i]!);
    data[at + 1] = toByte(colours.green[i]!);
    data[at + 2] = toByte(colours.blue[i]!);
    if (alpha !== undefined) data[at + 3] = toByte(alpha[i]!);
  }
  return { data, ...size, channels };
}

const toByte = (value: number): number => (value <= 0 ? 0 : value >= 1 ? 255 : Math.round(value * 255));

export async function encodePng(raw: RawPicture): Promise<Buffer> {
  return sharp(raw.data, { raw }).png({ compressionLevel: 6 }).toBuffer();
}
