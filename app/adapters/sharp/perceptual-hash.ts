import sharp from "sharp";

/**
 * What a picture looks like in 64 bits: the signs of its lowest cosine frequencies. The same picture at another size or
 * quality differs in a few bits, another picture in about half of them. Blind to colour, and no proof of identity.
 */
export async function perceptualHash(picture: Uint8Array | string): Promise<bigint> {
  const pixels = await sharp(picture)
    .flatten({ background: "white" })
    .greyscale()
    .resize({ width: grid, height: grid, fit: "fill" })
    .raw({ depth: "uchar" })
    .toBuffer();
  return hashOfGrid(Float64Array.from(pixels));
}

/** Side of the grey picture that is transformed, and of the corner of frequencies that is kept. */
const grid = 32;
const kept = 8;

/** @param pixels - 32 × 32 grey values, row by row */
export function hashOfGrid(pixels: Float64Array): bigint {
  const frequencies: number[] = [];
  for (let v = 0; v < kept; v++) for (let u = 0; u < kept; u++) frequencies.push(cosineShare(pixels, u, v));
  // The first one is the mean brightness; it says nothing of the picture and would decide the median's sign alone.
  const middle = frequencies.slice(1).sort((a, b) => a - b)[31]!;
  return frequencies.reduce((hash, value, i) => (i > 0 && value > middle ? hash | (1n << BigInt(i)) : hash), 0n);
}

function cosineShare(pixels: Float64Array, u: number, v: number): number {
  let sum = 0;
  for (let y = 0; y < grid; y++) {
    const down = Math.cos(((2 * y + 1) * v * Math.PI) / (2 * grid));
    for (let x = 0; x < grid; x++)
      sum += pixels[y * grid + x]! * down * Math.cos(((2 * x + 1) * u * Math.PI) / (2 * grid));
  }
  return sum;
}

/** Number of bits in which two hashes differ, 0 to 64. */
export function hashDistance(a: bigint, b: bigint): number {
  let [different, left] = [0, a ^ b];
  for (; left > 0n; left &= left - 1n) different++;
  return different;
}
