import { readFileSync } from "node:fs";
import sharp from "sharp";

export const catPhoto = readFileSync(new URL("../photos/cat.webp", import.meta.url));
export const dogPhoto = readFileSync(new URL("../photos/dog.webp", import.meta.url));

/** A small photo that is no other: its stripes are the bits of its number, which no compression mixes up. */
export async function smallPhoto(number = 0, { width = 320, height = 400 } = {}): Promise<Buffer> {
  const row = Buffer.alloc(width * 3);
  for (let x = 0; x < width; x++) row.fill((number >> Math.floor((x * 20) / width)) & 1 ? 200 : 60, x * 3, x * 3 + 3);
  const pixels = Buffer.alloc(row.length * height, row);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}
