// @vitest-environment happy-dom
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readPhoto } from "../../extensions/pet-processor/src/photo-file.ts";

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
let drawn: { width: number; height: number; quality: unknown }[] = [];
const shrunk = new Blob(["shrunk"], { type: "image/jpeg" });

describe("reading a photo", () => {
  beforeEach(() => {
    [decodes, drawn] = [{ width: 1200, height: 900 }, []];
    vi.stubGlobal("createImageBitmap", async (_: Blob, options: ImageBitmapOptions) => {
      expect(options.imageOrientation).toBe("from-image");
      if (!decodes) throw new DOMException("no", "InvalidStateError");
      return { ...decodes, close: () => {} };
    });
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({ fillRect() {}, drawImage() {} } as never);
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
    expect(read).toEqual({ bytes: shrunk, sourceSha256 });
    expect(drawn).toEqual([{ width: 2048, height: 1024, quality: 0.9 }]);
  });

  it("lets a photo that is small enough travel as it is", async () => {
    const picked = file("webp");
    expect(await readPhoto(picked, limits)).toMatchObject({ bytes: picked });
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
    expect(await readPhoto(avif, limits)).toMatchObject({ bytes: avif });
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

  it("goes without a hash where the page may not make one", async () => {
    vi.stubGlobal("crypto", {});
    expect(await readPhoto(file("jpeg"), limits)).toMatchObject({ sourceSha256: null });
  });
});
