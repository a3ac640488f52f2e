import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { hashDistance, perceptualHash } from "./perceptual-hash.ts";

const photo = (name: string) => new URL(`../../../test/photos/${name}.webp`, import.meta.url).pathname;

describe("the perceptual hash", () => {
  it("hardly changes when a picture is made smaller and worse", async () => {
    for (const name of ["cat", "dog"]) {
      const small = await sharp(photo(name)).resize(300).jpeg({ quality: 40 }).toBuffer();
      expect(hashDistance(await perceptualHash(photo(name)), await perceptualHash(small))).toBeLessThanOrEqual(6);
    }
  });

  it("tells one photo from another, and from its mirror image", async () => {
    const cat = await perceptualHash(photo("cat"));
    expect(hashDistance(cat, await perceptualHash(photo("dog")))).toBeGreaterThan(16);
    const mirrored = await sharp(photo("cat")).flop().png().toBuffer();
    expect(hashDistance(cat, await perceptualHash(mirrored))).toBeGreaterThan(16);
  });

  it("counts bits", () => {
    expect([hashDistance(0n, 0n), hashDistance(0b1011n, 0b0001n), hashDistance(0n, 2n ** 64n - 1n)]).toEqual([
      0, 2, 64,
    ]);
  });
});
