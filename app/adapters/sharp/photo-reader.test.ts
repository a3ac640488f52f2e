import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPhotoReader } from "./photo-reader.ts";

const cat = new URL("../../../test/photos/cat.webp", import.meta.url).pathname;
const reader = createPhotoReader();

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "photo-reader-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(bytes: Uint8Array | string, name = "photo.jpg"): Promise<string> {
  const path = join(folder, `${Math.abs(crc32(bytes)).toString(16)}-${name}`);
  await writeFile(path, bytes);
  return path;
}

/** Four quarters of different colours, 60 × 40, so that every turn can be told from every other. */
async function quarters(): Promise<Sharp> {
  const part = (background: string) => ({ create: { width: 30, height: 20, channels: 3 as const, background } });
  const canvas = sharp({ create: { width: 60, height: 40, channels: 3, background: "red" } }).composite([
    { input: part("lime"), left: 30, top: 0 },
    { input: part("blue"), left: 0, top: 20 },
    { input: part("white"), left: 30, top: 20 },
  ]);
  return sharp(await canvas.png().toBuffer());
}

async function cornerColours(bytes: Buffer): Promise<string[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const name = (x: number, y: number) => {
    const at = (y * info.width + x) * info.channels;
    const [r, g, b] = [data[at]! > 128, data[at + 1]! > 128, data[at + 2]! > 128];
    if (r && g && b) return "white";
    if (r) return "red";
    return g ? "lime" : b ? "blue" : "black";
  };
  const [right, bottom] = [info.width - 5, info.height - 5];
  return [name(5, 5), name(right, 5), name(5, bottom), name(right, bottom)];
}

/** A PNG of any size whose pixels are missing: what counts is what its header claims. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(64));
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

describe("probing a photo", () => {
  it("tells format and size of what we read, by content and not by name", async () => {
    const [w, h] = [64, 48];
    const picture = () => sharp({ create: { width: w, height: h, channels: 3, background: "tan" } });
    for (const [format, bytes] of [
      ["jpeg", await picture().jpeg().toBuffer()],
      ["png", await picture().png().toBuffer()],
      ["webp", await picture().webp().toBuffer()],
      ["avif", await picture().avif({ effort: 0 }).toBuffer()],
    ] as const) {
      const probe = await reader.probe(await fileOf(bytes, "renamed.txt"));
      expect(probe).toEqual({ kind: "photo", format, width: w, height: h, pages: 1 });
    }
  });

  it("refuses everything else, whatever it is called", async () => {
    const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: "tan" } });
    const strangers = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="9" height="9"/></svg>`,
      await picture.clone().gif().toBuffer(),
      await picture.clone().tiff().toBuffer(),
      "%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF",
      "<!doctype html><script>alert(1)</script>",
      "",
    ];
    for (const stranger of strangers) {
      const path = await fileOf(stranger);
      expect(await reader.probe(path)).toEqual({ kind: "unknown" });
      expect(await reader.normalise(path, { longestSide: 100 })).toBe("broken");
    }
  });

  it("knows a phone's HEIC", async () => {
    const brands = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1");
    expect(await reader.probe(await fileOf(brands))).toEqual({ kind: "hevc" });
  });

  it("refuses a bomb of 30000 × 30000 pixels from its header", async () => {
    const path = await fileOf(pngHeader(30_000, 30_000));
    expect(await reader.probe(path)).toEqual({ kind: "too-many-pixels" });
    expect(await reader.normalise(path, { longestSide: 100 })).toBe("broken");
  });

  it("reports the strange shape of a line for the intake to refuse", async () => {
    const probe = await reader.probe(await fileOf(pngHeader(1, 100_000)));
    expect(probe).toMatchObject({ kind: "photo", width: 1, height: 100_000 });
  });

  it("counts the frames of an animation", async () => {
    const frames = await Promise.all(
      ["red", "lime", "blue"].map((background) =>
        sharp({ create: { width: 40, height: 30, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const bytes = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const path = await fileOf(bytes);
    expect(await reader.probe(path)).toEqual({ kind: "photo", format: "webp", width: 40, height: 30, pages: 3 });
    const photo = await reader.normalise(path, { longestSide: 100 });
    if (photo === "broken") throw new Error("an animation must give its first frame");
    expect(await cornerColours(photo.bytes)).toEqual(["red", "red", "red", "red"]);
  });
});

describe("normalising a photo", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("turns EXIF orientation %i upright", async (orientation) => {
    const upright = ["red", "lime", "blue", "white"];
    // How each orientation's camera stored the upright picture: turned by so many degrees, then perhaps mirrored.
    const stored = [[0], [0, "flop"], [180], [180, "flop"], [90, "flop"], [270], [270, "flop"], [90]] as const;
    const [degrees, mirrored] = stored[orientation - 1]!;
    const turnedBy = sharp(await (await quarters()).rotate(degrees).png().toBuffer());
    const turned = sharp(
      await turnedBy
        .flop(mirrored === "flop")
        .png()
        .toBuffer(),
    );
    const path = await fileOf(await turned.withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer());
    expect(await reader.probe(path)).toMatchObject({ width: 60, height: 40 });
    const photo = await reader.normalise(path, { longestSide: 500 });
    if (photo === "broken") throw new Error("must decode");
    expect([photo.width, photo.height]).toEqual([60, 40]);
    expect(await cornerColours(photo.bytes)).toEqual(upright);
  });

  it("leaves nothing of the source's metadata", async () => {
    const secret = { IFD0: { Make: "SecretCamera" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 8/1 0/1" } };
    const path = await fileOf(await sharp(cat).withExif(secret).jpeg().toBuffer());
    expect((await readFile(path)).includes("SecretCamera")).toBe(true);
    const photo = await reader.normalise(path, { longestSide: 300 });
    if (photo === "broken") throw new Error("must decode");
    const metadata = await sharp(photo.bytes).metadata();
    expect([metadata.exif, metadata.xmp, metadata.iptc]).toEqual([undefined, undefined, undefined]);
    expect(photo.bytes.includes("SecretCamera")).toBe(false);
    expect(Math.max(photo.width, photo.height)).toBe(300);
  });

  it("finds a truncated file broken, which its header did not show", async () => {
    const whole = await sharp(cat).jpeg().toBuffer();
    const path = await fileOf(whole.subarray(0, whole.length / 2));
    expect(await reader.probe(path)).toMatchObject({ kind: "photo" });
    expect(await reader.normalise(path, { longestSide: 300 })).toBe("broken");
  });

  it("answers, and never throws, whichever byte of a file is damaged", async () => {
    const whole = await sharp(cat).resize(200).jpeg().toBuffer();
    for (let at = 7; at < whole.length; at += Math.ceil(whole.length / 40)) {
      const damaged = Buffer.from(whole);
      damaged[at] = damaged[at]! ^ 0xff;
      const photo = await reader.normalise(await fileOf(damaged), { longestSide: 200 });
      expect(photo === "broken" || photo.width > 0).toBe(true);
    }
  });

  it("makes 8-bit sRGB of CMYK, of 16 bits and of transparency, which becomes white", async () => {
    const tan = { width: 50, height: 40, channels: 3 as const, background: { r: 210, g: 180, b: 140 } };
    const clear = { width: 50, height: 40, channels: 4 as const, background: { r: 0, g: 0, b: 0, alpha: 0 } };
    const inputs = [
      [await sharp({ create: tan }).toColourspace("cmyk").jpeg().toBuffer(), 180],
      [await sharp({ create: tan }).toColourspace("rgb16").png().toBuffer(), 180],
      [await sharp({ create: clear }).png().toBuffer(), 255],
    ] as const;
    for (const [bytes, green] of inputs) {
      const photo = await reader.normalise(await fileOf(bytes), { longestSide: 50 });
      if (photo === "broken") throw new Error("must decode");
      expect(await sharp(photo.bytes).metadata()).toMatchObject({ space: "srgb", channels: 3, depth: "uchar" });
      const { channels } = await sharp(photo.bytes).stats();
      expect(Math.abs(channels[1]!.mean - green)).toBeLessThan(14);
    }
  });

  it("does nothing once its signal has aborted", async () => {
    const normalising = reader.normalise(cat, { longestSide: 100, signal: AbortSignal.abort(new Error("gone")) });
    await expect(normalising).rejects.toThrow("gone");
  });
});

describe("cropping a photo", () => {
  it("turns first, then takes the fractions of the turned photo", async () => {
    const photo = await (await quarters()).jpeg({ quality: 100 }).toBuffer();
    const whole = await reader.crop(photo, { x: 0, y: 0, width: 1, height: 1, turn: 90 }, { longestSide: 500 });
    expect(await cornerColours(whole)).toEqual(["blue", "red", "white", "lime"]);
    const part = await reader.crop(photo, { x: 0.5, y: 0, width: 0.5, height: 0.5, turn: 90 }, { longestSide: 500 });
    expect(await sharp(part).metadata()).toMatchObject({ width: 20, height: 30 });
    expect(await cornerColours(part)).toEqual(["red", "red", "red", "red"]);
  });

  it("gives the whole photo, shrunk, where there is no crop", async () => {
    const photo = await reader.crop(await readFile(cat), null, { longestSide: 256 });
    expect(await sharp(photo).metadata()).toMatchObject({ format: "jpeg", width: 256, height: 192 });
  });

  it("survives fractions from outside of the photo", async () => {
    const photo = await (await quarters()).jpeg().toBuffer();
    for (const crop of [
      { x: 0.99, y: 0.99, width: 1, height: 1 },
      { x: 1, y: 1, width: 0, height: 0 },
      { x: -1, y: -1, width: 9, height: 9 },
    ]) {
      const part = await reader.crop(photo, { ...crop, turn: 0 }, { longestSide: 100 });
      expect((await sharp(part).metadata()).width).toBeGreaterThan(0);
    }
  });

  it("calls a photo that does not decode the visitor's to mend", async () => {
    const cropping = reader.crop(Buffer.from("no photo"), null, { longestSide: 100 });
    await expect(cropping).rejects.toMatchObject({ kind: "invalid", code: "photo_broken" });
  });
});
