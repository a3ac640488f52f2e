// @vitest-environment happy-dom
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readPhoto } from "../../extensions/pet-processor/src/photo/photo-file.ts";
import { patienceMs } from "../../extensions/pet-processor/src/photo/photo-worker-host.ts";

const limits = { max_bytes: 20_000_000, min_side: 256 };
const heads = {
  jpeg: "\xff\xd8\xff\xe0",
  png: "\x89PNG\r\n\x1a\n",
  webp: "RIFF\0\0\0\0WEBPVP8 ",
  avif: "\0\0\0\x20ftypavif",
  heic: "\0\0\0\x18ftypheic",
  gif: "GIF89a",
};
const file = (kind: keyof typeof heads, bytes = 1000) =>
  new Blob([Uint8Array.from(heads[kind], (char) => char.charCodeAt(0)), new Uint8Array(bytes)]);

/** What the stubbed browser decodes, and what its canvas was asked to draw. */
let decodes: { width: number; height: number } | null = null;
let shows: { width: number; height: number } | null = null;
/** What a canvas gives back for the colour that it is tried with. */
let readBack = [0x1e, 0x90, 0xb4, 255];
let drawn: { width: number; height: number; quality: unknown }[] = [];
const shrunk = new Blob(["shrunk"], { type: "image/jpeg" });
const brush = {
  fillRect() {},
  drawImage() {},
  getImageData: (_x: number, _y: number, width: number, height: number) => ({
    data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) => readBack[at % 4] ?? 0),
    width,
    height,
  }),
};

describe("reading a photo", () => {
  beforeEach(() => {
    [decodes, shows, drawn] = [{ width: 1200, height: 900 }, null, []];
    readBack = [0x1e, 0x90, 0xb4, 255];
    vi.stubGlobal("createImageBitmap", async (_: Blob, options: ImageBitmapOptions) => {
      expect(options.imageOrientation).toBe("from-image");
      if (!decodes) throw new DOMException("no", "InvalidStateError");
      return { ...decodes, close: () => {} };
    });
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(brush as never);
    vi.spyOn(HTMLImageElement.prototype, "decode").mockImplementation(function (this: HTMLImageElement) {
      if (!shows) return Promise.reject(new DOMException("no", "EncodingError"));
      Object.defineProperties(this, { naturalWidth: { value: shows.width }, naturalHeight: { value: shows.height } });
      return Promise.resolve();
    });
    vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation(function (
      this: HTMLCanvasElement,
      done,
      _,
      quality,
    ) {
      drawn.push({ width: this.width, height: this.height, quality });
      done(shrunk);
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("shrinks to a longest side of 2048 and names the hash of what was picked", async () => {
    decodes = { width: 6000, height: 3000 };
    const picked = file("jpeg");
    const read = await readPhoto(picked, limits);
    const sourceSha256 = createHash("sha256")
      .update(new Uint8Array(await picked.arrayBuffer()))
      .digest("hex");
    const facts = { width: 2048, height: 1024, flaws: [] };
    expect(read).toEqual({ bytes: shrunk, preview: shrunk, sourceSha256, ...facts });
    expect(drawn).toEqual([{ width: 2048, height: 1024, quality: 0.9 }]);
  });

  it("lets a photo that is small enough travel as it is", async () => {
    const picked = file("webp");
    const size = { width: 1200, height: 900 };
    expect(await readPhoto(picked, limits)).toMatchObject({ bytes: picked, preview: picked, ...size });
    expect(drawn).toEqual([]);
  });

  it("encodes again what is heavy for its size, and what only the browser can read", async () => {
    expect(await readPhoto(file("png", 4_000_000), limits)).toMatchObject({ bytes: shrunk });
    expect(await readPhoto(file("gif"), limits)).toMatchObject({ bytes: shrunk });
    expect(await readPhoto(file("heic"), limits)).toMatchObject({ bytes: shrunk });
  });

  it("sends the original where the browser cannot decode or draw it, if the server can", async () => {
    decodes = null;
    const avif = file("avif");
    const unknown = { width: 0, height: 0, flaws: [] };
    expect(await readPhoto(avif, limits)).toMatchObject({ bytes: avif, preview: avif, ...unknown });
    decodes = { width: 6000, height: 3000 };
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
    const jpeg = file("jpeg");
    expect(await readPhoto(jpeg, limits)).toMatchObject({ bytes: jpeg });
  });

  it.each([
    ["photo_heic", file("heic"), null],
    ["photo_type", file("gif"), null],
    ["photo_broken", new Blob([]), null],
    ["photo_too_small", file("jpeg"), { width: 255, height: 900 }],
    ["photo_shape", file("jpeg"), { width: 2700, height: 300 }],
    ["photo_too_large", file("avif", 21_000_000), null],
  ] as const)("refuses with %s before anything is sent", async (refused, picked, size) => {
    decodes = size;
    expect(await readPhoto(picked, limits)).toEqual({ refused });
  });

  it("takes what lies exactly on a limit", async () => {
    decodes = { width: 256, height: 2048 };
    expect(await readPhoto(file("jpeg"), limits)).not.toHaveProperty("refused");
  });

  it.each([
    [639, ["small"]],
    [640, []],
  ])("says that %i pixels are small, and takes it", async (height, flaws) => {
    decodes = { width: 1200, height };
    expect(await readPhoto(file("jpeg"), limits)).toMatchObject({ flaws });
  });

  it("says that a photo is dark", async () => {
    const dark = [10, 20, 30, 255];
    const read = brush.getImageData;
    vi.spyOn(brush, "getImageData").mockImplementation((...at) => {
      const pixels = read(...at);
      return at[2] === 2 ? pixels : { ...pixels, data: pixels.data.map((_, n) => dark[n % 4] ?? 0) };
    });
    expect(await readPhoto(file("jpeg"), limits)).toMatchObject({ flaws: ["dark"] });
  });

  it("uses no canvas that gives noise in place of what was drawn, and says of it what it knows without", async () => {
    readBack = [200, 13, 77, 255];
    decodes = { width: 6000, height: 600 };
    expect(await readPhoto(file("gif"), limits)).toEqual({ refused: "photo_shape" });
    decodes = { width: 3000, height: 600 };
    const jpeg = file("jpeg");
    expect(await readPhoto(jpeg, limits)).toMatchObject({ bytes: jpeg, width: 3000, height: 600, flaws: ["small"] });
    expect(await readPhoto(file("gif"), limits)).toEqual({ refused: "photo_type" });
    expect(drawn).toEqual([]);
  });

  it("opens a HEIC as a picture of the page where that is the only way", async () => {
    [decodes, shows] = [null, { width: 4032, height: 3024 }];
    const heic = file("heic");
    expect(await readPhoto(heic, limits)).toMatchObject({ bytes: shrunk, preview: shrunk, width: 2048, height: 1536 });
    expect(await readPhoto(file("gif"), limits)).toEqual({ refused: "photo_type" });
  });

  it("turns a photo upright in a browser that has no word for it", async () => {
    vi.stubGlobal("createImageBitmap", async (_: Blob, options?: ImageBitmapOptions) => {
      if (options) throw new TypeError("from-image is not a valid enum value");
      return { width: 900, height: 1200, close: () => {} };
    });
    expect(await readPhoto(file("jpeg"), limits)).toMatchObject({ width: 900, height: 1200 });
  });

  it("refuses what the page is not done with in time, and what cannot be read any more", async () => {
    vi.stubGlobal("createImageBitmap", () => new Promise(() => {}));
    const around = {
      fetch: () => Promise.reject(new Error("no network")),
      wait: (ms: number) => (ms === patienceMs ? Promise.resolve() : new Promise<void>(() => {})),
    };
    expect(await readPhoto(file("jpeg"), limits, { around })).toEqual({ refused: "photo_broken" });
    const gone = file("jpeg");
    vi.spyOn(gone, "slice").mockReturnValue({
      arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")),
    } as never);
    expect(await readPhoto(gone, limits)).toEqual({ refused: "photo_broken" });
  });

  it("reads one photo after the other, also when one of them fails", async () => {
    const order: string[] = [];
    vi.stubGlobal("createImageBitmap", async () => {
      order.push("begins");
      await new Promise((done) => setTimeout(done, 10));
      order.push("ends");
      if (order.length < 3) throw new DOMException("no", "InvalidStateError");
      return { width: 1200, height: 900, close: () => {} };
    });
    const both = await Promise.all([readPhoto(file("gif"), limits), readPhoto(file("jpeg"), limits)]);
    expect(both).toMatchObject([{ refused: "photo_type" }, { width: 1200 }]);
    expect(order).toEqual(["begins", "ends", "begins", "ends"]);
  });

  it("goes without a hash where the page may not make one", async () => {
    vi.stubGlobal("crypto", {});
    expect(await readPhoto(file("jpeg"), limits)).toMatchObject({ sourceSha256: null });
  });
});
