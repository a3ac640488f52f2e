import { createHash, randomFillSync } from "node:crypto";
import sharp, { type Sharp } from "sharp";

/**
 * Photos as large as are taken at all: noise that no compression shrinks, so that both their bytes and their pixels are
 * many. A photo is made once; what follows its end is what makes each copy of it another file.
 */
export type LargePhoto = { name: LargePhotoKind; bytes: Buffer };

export type LargePhotoKind = "camera" | "progressive" | "turned" | "png" | "webp";

const makers: Record<LargePhotoKind, { width: number; height: number; encode: (noise: Sharp) => Sharp }> = {
  camera: { width: 8000, height: 6000, encode: (noise) => noise.jpeg({ quality: 60, chromaSubsampling: "4:4:4" }) },
  progressive: { width: 6000, height: 4000, encode: (noise) => noise.jpeg({ quality: 70, progressive: true }) },
  turned: {
    width: 8000,
    height: 6000,
    encode: (noise) => noise.withMetadata({ orientation: 6 }).jpeg({ quality: 40 }),
  },
  png: { width: 4000, height: 3000, encode: (noise) => noise.png({ compressionLevel: 0 }) },
  webp: { width: 4000, height: 3000, encode: (noise) => noise.webp({ quality: 80, effort: 0 }) },
};

export async function largePhoto(kind: LargePhotoKind): Promise<LargePhoto> {
  const { width, height, encode } = makers[kind];
  const pixels = randomFillSync(Buffer.alloc(width * height * 3));
  const bytes = await encode(sharp(pixels, { raw: { width, height, channels: 3 } })).toBuffer();
  return { name: kind, bytes };
}

/** The photo as a file of exactly that many bytes that is no other's: decoders do not read past a picture's end. */
export function paddedTo(bytes: number, photo: LargePhoto, number: number): Buffer {
  if (photo.bytes.length > bytes - 8) throw new RangeError(`${photo.name} has ${photo.bytes.length} bytes already`);
  const file = Buffer.alloc(bytes, number);
  photo.bytes.copy(file);
  file.writeUInt32BE(number, bytes - 4);
  return file;
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
