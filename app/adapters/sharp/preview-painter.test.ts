import { execFile } from "node:child_process";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PaintRequest } from "#app/painters/painter.ts";
import { createGoldenStudio, goldenCases, goldenFile } from "#test/golden/golden-cases.ts";
import { createClassicBackgroundRemover } from "./classic-background-remover.ts";
import { hashDistance, perceptualHash } from "./perceptual-hash.ts";
import { createPixelWorkers } from "./pixel-workers.ts";
import { createPreviewPainter } from "./preview-painter.ts";

const workers = createPixelWorkers({ threads: 2 });
const tools = { remover: createClassicBackgroundRemover(workers), painter: createPreviewPainter(workers) };
const studio = createGoldenStudio(tools);
const { signal } = new AbortController();
const small = { width: 256, height: 320 };

let cutout: Buffer;
beforeAll(async () => {
  cutout = (await studio.pet("dog", false)).image;
});
afterAll(() => workers.close());

function paint(change: Partial<PaintRequest> & { styleId?: string } = {}) {
  const { styleId = "ink_wash", ...rest } = change;
  const pets = [{ image: cutout, backgroundKept: false }];
  const style = { id: styleId, revision: 1, prompt: "" };
  return tools.painter.paint({ pets, style, size: small, take: 1, wording: "usual", signal, ...rest });
}

/** Mean difference of two pictures over a coarse grid of colours, 0 to 255: what the hash, blind to colour, cannot see. */
async function colourDistance(a: Buffer | string, b: Buffer | string): Promise<number> {
  const [first, second] = await Promise.all(
    [a, b].map((picture) => sharp(picture).resize(8, 10, { fit: "fill" }).raw().toBuffer()),
  );
  return first!.reduce((sum, value, i) => sum + Math.abs(value - second![i]!), 0) / first!.length;
}

/** Mean step from pixel to pixel: how much is drawn, which neither the hash nor a grid of colours can see. */
async function busyness(picture: Buffer | string): Promise<number> {
  const side = 320;
  const grey = await sharp(picture).resize(side, side, { fit: "fill" }).greyscale().raw().toBuffer();
  return grey.reduce((sum, value, i) => (i % side === 0 ? sum : sum + Math.abs(value - grey[i - 1]!)), 0) / grey.length;
}

describe("the preview painter", () => {
  it.each(goldenCases)("paints $name as it was last approved", async (golden) => {
    const picture = await studio.paint(golden);
    const approved = goldenFile(golden.name);
    expect(hashDistance(await perceptualHash(picture), await perceptualHash(approved))).toBeLessThanOrEqual(6);
    expect(await colourDistance(picture, approved)).toBeLessThan(5);
    const share = (await busyness(picture)) / (await busyness(approved));
    expect(Math.abs(Math.log(share))).toBeLessThan(0.06);
  });

  it.each(["ink_wash", "pen_and_marker"])(
    "paints the same take of %s the same and another take differently",
    async (styleId) => {
      const [first, again, other] = await Promise.all([
        paint({ styleId }),
        paint({ styleId }),
        paint({ styleId, take: 2 }),
      ]);
      expect(again.image.equals(first.image)).toBe(true);
      expect(await colourDistance(first.image, other.image)).toBeGreaterThan(4);
    },
  );

  it("paints the same picture at every size", async () => {
    const [large, tiny] = await Promise.all([paint({ size: { width: 768, height: 960 } }), paint()]);
    expect(hashDistance(await perceptualHash(large.image), await perceptualHash(tiny.image))).toBeLessThanOrEqual(8);
    expect(await colourDistance(large.image, tiny.image)).toBeLessThan(5);
  });

  it("gives a JPEG of the size asked for, in sRGB, and reports no usage", async () => {
    const { image, ...rest } = await paint();
    const usage = { tokens: null, finishReason: null, providerRequestId: null };
    expect(rest).toEqual({ usage });
    const metadata = await sharp(image).metadata();
    expect(metadata).toMatchObject({
      format: "jpeg",
      ...small,
      space: "srgb",
      chromaSubsampling: "4:4:4",
      hasProfile: true,
    });
  });

  it("marks its work as no model's and keeps nothing of the source's metadata", async () => {
    const secret = { IFD0: { Make: "SecretCamera" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 8/1 0/1" } };
    const image = await sharp(cutout).withExif(secret).png().toBuffer();
    expect(image.includes("SecretCamera")).toBe(true);
    const painting = await paint({ pets: [{ image, backgroundKept: false }] });
    const { exif, xmp } = await sharp(painting.image).metadata();
    expect(exif?.toString("latin1")).toContain("Preview, not AI");
    expect(exif?.toString("latin1")).not.toContain("SecretCamera");
    expect([painting.image.includes("SecretCamera"), xmp]).toEqual([false, undefined]);
    // The tag 0x8825 points at a GPS block, in either byte order.
    expect([exif?.includes(Buffer.from([0x88, 0x25])), exif?.includes(Buffer.from([0x25, 0x88]))]).toEqual([
      false,
      false,
    ]);
  });

  it("leaves the edges of the paper clean, so that a portrait can be framed", async () => {
    for (const styleId of ["ink_wash", "pen_and_marker"]) {
      const { image } = await paint({ styleId });
      const { data } = await sharp(image).greyscale().raw().toBuffer({ resolveWithObject: true });
      const strips = [data.subarray(0, 256 * 3), data.subarray(256 * 317)];
      strips.forEach((strip) => expect(Math.min(...strip)).toBeGreaterThan(200));
    }
  });

  it("refuses a style that it does not know, as the visitor's to mend", async () => {
    await expect(paint({ styleId: "van_gogh" })).rejects.toMatchObject({ kind: "invalid", code: "style_unknown" });
  });

  it("refuses more pets, larger pictures and emptier cutouts than it can paint", async () => {
    const empty = await sharp({ create: { width: 300, height: 300, channels: 4, background: "#0000" } })
      .png()
      .toBuffer();
    const four = [1, 2, 3, 4].map(() => ({ image: cutout, backgroundKept: false }));
    for (const change of [
      { pets: four },
      { pets: [] },
      { size: { width: 4096, height: 5120 } },
      { size: { width: 0, height: 100 } },
      { pets: [{ image: empty, backgroundKept: false }] },
      { pets: [{ image: Buffer.from("no picture"), backgroundKept: false }] },
    ]) {
      await expect(paint(change)).rejects.toMatchObject({ kind: "invalid" });
    }
  });

  it("stays within 650 MB for a portrait of 1024 × 1280", async () => {
    const painting = new URL("./paint-preview.ts", import.meta.url).href;
    const photo = new URL("../../../test/photos/dog.webp", import.meta.url).pathname;
    const script = `
      import { readFile } from "node:fs/promises";
            const { paintPreview } = await import(${JSON.stringify(painting)});
      const pets = [{ image: await readFile(${JSON.stringify(photo)}), backgroundKept: true }];
      await paintPreview({ pets, style: "pen_and_marker", size: { width: 1024, height: 1280 }, seed: 1, take: 1 });
      console.log(process.resourceUsage().maxRSS / 1024);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    expect(Number(stdout)).toBeLessThan(650);
  });
});
