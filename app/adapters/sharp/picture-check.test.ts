import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { PictureBroken } from "#app/painters/picture-check.ts";
import { createPictureCheck } from "./picture-check.ts";
import { makeSharpSafe } from "./sharp-settings.ts";

const { check } = createPictureCheck();
const wanted = { width: 1024, height: 1280 };
const blank = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: "#a33", noise: { type: "gaussian", mean: 99, sigma: 9 } },
  });

describe("a painter's picture", () => {
  beforeAll(() => makeSharpSafe());

  it.each([
    ["image/png", () => blank(928, 1152).png()],
    ["image/jpeg", () => blank(1024, 1280).jpeg()],
    ["image/webp", () => blank(512, 640).webp()],
  ])("is what its bytes say: %s", async (contentType, picture) => {
    const image = await picture().toBuffer();
    const { width, height } = await sharp(image).metadata();
    expect(await check(image, wanted)).toEqual({ contentType, width, height });
  });

  it("of another shape is refused, and so is one that is tiny", async () => {
    for (const [width, height] of [
      [1280, 1024],
      [1024, 1024],
      [80, 100],
    ] as const)
      await expect(check(await blank(width, height).png().toBuffer(), wanted)).rejects.toThrow(PictureBroken);
  });

  it("that is no picture is refused, whatever it says it is", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1280"/>');
    const tiff = await blank(1024, 1280).tiff().toBuffer();
    for (const image of [Buffer.alloc(0), Buffer.from("<html>"), svg, tiff])
      await expect(check(image, wanted)).rejects.toThrow(PictureBroken);
  });

  it.each(["png", "jpeg", "webp"] as const)("that ends in the middle is refused: %s", async (format) => {
    const whole = await blank(928, 1152).toFormat(format).toBuffer();
    await expect(check(whole.subarray(0, whole.length * 0.6), wanted)).rejects.toThrow(PictureBroken);
  });
});
