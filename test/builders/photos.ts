import { readFileSync } from "node:fs";
import sharp from "sharp";

export const catPhoto = readFileSync(new URL("../photos/cat.webp", import.meta.url));
export const dogPhoto = readFileSync(new URL("../photos/dog.webp", import.meta.url));

/** A small photo that is no other: each number has a colour of its own. */
export async function smallPhoto(number = 0, { width = 320, height = 400 } = {}): Promise<Buffer> {
  const background = { r: number % 256, g: (number >> 8) % 256, b: 120 };
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}
