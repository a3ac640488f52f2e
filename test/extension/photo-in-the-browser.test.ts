import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { catPhoto, dogPhoto, hasChromium, openBrowser } from "./harness/browser.ts";
import { openPhotoPage, type PageRead, type PhotoPage, type PhotoPageOptions } from "./photo-page.ts";

const heicPhoto = fileURLToPath(new URL("../photos/cat.heic", import.meta.url));

/** As a phone writes it: lying on its side, with the word that turns it upright, and with a place in it. */
async function phonePhoto(): Promise<Buffer> {
  const lying = await sharp(await sharp(dogPhoto).resize(2400).toBuffer())
    .rotate(270)
    .toBuffer();
  return sharp(lying)
    .withExif({ IFD0: { Make: "Camera" }, IFD3: { GPSLatitude: "51/1 30/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

const blurred = () => sharp(dogPhoto).blur(12).jpeg().toBuffer();
const dark = () => sharp(dogPhoto).linear(0.2, 0).jpeg().toBuffer();

function photo(read: PageRead): Exclude<PageRead, { refused: string }> {
  if ("refused" in read) throw new Error(`refused: ${read.refused}`);
  return read;
}

/** Mean difference of two pictures, in levels, on a small copy. */
async function difference(one: Buffer | string, other: Buffer | string): Promise<number> {
  const small = (picture: Buffer | string) =>
    sharp(picture).autoOrient().removeAlpha().resize(64, 48, { fit: "fill" }).raw().toBuffer();
  const [left, right] = await Promise.all([small(one), small(other)]);
  return left.reduce((sum, level, at) => sum + Math.abs(level - (right[at] ?? 0)), 0) / left.length;
}

/** A decoder that opens every file at once, as a white picture. */
const decoderOf = (width: number, height: number) => `self.libheif = () => ({ HeifDecoder: class {
  decode = () => [{
    get_width: () => ${width}, get_height: () => ${height}, is_primary: () => true, free() {},
    display: (target, done) => done(target),
  }];
} });`;

const withoutWasm = "default-src 'none'; script-src 'self' CDN; connect-src CDN; img-src blob:; worker-src blob:";
const withoutWorker = "default-src 'none'; script-src 'self'; connect-src CDN; img-src blob:; worker-src 'none'";

describe.runIf(hasChromium)("a photo in a browser", { timeout: 120_000 }, () => {
  let browser: Browser;
  let shop: PhotoPage;
  let picked: Buffer;

  async function open(options: PhotoPageOptions = {}): Promise<PhotoPage> {
    shop = await openPhotoPage(browser, options);
    return shop;
  }

  beforeAll(async () => {
    [browser, picked] = await Promise.all([openBrowser(), phonePhoto()]);
  });
  afterAll(() => browser?.close());
  afterEach(() => shop.end());

  it("is turned, shrunk and hashed in a worker whose script is on another origin", async () => {
    const { page, read, fetched, decodedInPage } = await open();
    const { bytes, ...facts } = photo(await read(picked));
    expect(facts).toEqual({
      type: "image/jpeg",
      isAsPicked: false,
      isPreview: true,
      sourceSha256: createHash("sha256").update(picked).digest("hex"),
      width: 2048,
      height: 1536,
      flaws: [],
    });
    const { width, height, orientation, exif } = await sharp(bytes).metadata();
    expect([width, height, orientation, exif]).toEqual([2048, 1536, undefined, undefined]);
    expect(await difference(bytes, dogPhoto)).toBeLessThan(3);
    expect([page.workers().length, await decodedInPage(), fetched]).toEqual([1, 0, ["pet-photo-worker.js"]]);
  });

  it.each([
    ["a policy forbids the worker", { policy: withoutWorker }],
    ["its script is not there", { instead: { "pet-photo-worker.js": null } }],
    ["it dies at its start", { instead: { "pet-photo-worker.js": "throw new Error('no canvas')" } }],
    [
      "it dies of the photo",
      { instead: { "pet-photo-worker.js": "postMessage('ready'); onmessage = () => { throw new Error('memory') }" } },
    ],
    ["it hangs", { instead: { "pet-photo-worker.js": "postMessage('ready'); onmessage = () => { for (;;); }" } }, 0],
  ] as [string, PhotoPageOptions, number?][])(
    "is read in the page to the same end where %s",
    async (_, options, hurried) => {
      const { page, read, decodedInPage, outwaited } = await open(options);
      const { bytes, ...facts } = photo(await read(picked, { hurried: hurried ?? -1 }));
      expect(facts).toMatchObject({ isAsPicked: false, width: 2048, height: 1536, flaws: [] });
      expect(await difference(bytes, dogPhoto)).toBeLessThan(3);
      await expect.poll(() => page.workers().length).toBe(0);
      expect([await decodedInPage(), await outwaited()]).toEqual([1, hurried === undefined ? 0 : 1]);
    },
  );

  it("has its flaws named as the canvas sees it, in the worker and in the page", async () => {
    const cases = [
      [await readFile(dogPhoto), []],
      [await readFile(catPhoto), []],
      [await sharp(dogPhoto).resize(2400).jpeg().toBuffer(), []],
      [await sharp(dogPhoto).resize(700, 525).jpeg().toBuffer(), ["small"]],
      [await blurred(), ["blurred"]],
      [await dark(), ["dark"]],
    ] as const;
    for (const policy of [undefined, withoutWorker]) {
      const { read, end } = await open(policy ? { policy } : {});
      for (const [picked, flaws] of cases) expect(photo(await read(picked)).flaws).toEqual(flaws);
      if (!policy) await end();
    }
  });

  it("stays as it was picked where it is small enough, and is refused by the server's rules", async () => {
    const { read } = await open();
    const small = await readFile(dogPhoto);
    const kept = photo(await read(small));
    expect([kept.isAsPicked, kept.width, kept.height, kept.bytes.equals(small)]).toEqual([true, 1024, 768, true]);
    const plain = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: "#888" } })
        .png()
        .toBuffer();
    expect(await read(await plain(255, 900))).toEqual({ refused: "photo_too_small" });
    expect(await read(await plain(2700, 300))).toEqual({ refused: "photo_shape" });
    expect(await read(Buffer.from("%PDF-1.7 and so on"))).toEqual({ refused: "photo_type" });
    expect(await read(Buffer.alloc(0))).toEqual({ refused: "photo_broken" });
    // What this browser cannot decode and the server may: it has the last word.
    const broken = Buffer.concat([Buffer.from("\0\0\0\x20ftypavif"), Buffer.alloc(500)]);
    expect(photo(await read(broken))).toMatchObject({ isAsPicked: true, width: 0, height: 0, flaws: [] });
  });

  it("lies on white where it was transparent", async () => {
    const { read } = await open();
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const empty = await sharp({ create: { width: 2400, height: 1600, channels: 4, background: clear } })
      .png()
      .toBuffer();
    const { channels } = await sharp(photo(await read(empty)).bytes).stats();
    expect(channels.map(({ min }) => min)).toEqual([255, 255, 255]);
  });

  it("of HEIC becomes a JPEG, upright, by the decoder that nothing else asks for", async () => {
    const { page, read, fetched } = await open();
    await read(await readFile(dogPhoto), { hasHeic: true });
    expect(fetched).toEqual(["pet-photo-worker.js"]);
    const { bytes, ...facts } = photo(await read(await readFile(heicPhoto), { hasHeic: true }));
    expect(facts).toMatchObject({ type: "image/jpeg", isPreview: true, width: 1024, height: 768, flaws: [] });
    expect(await difference(bytes, catPhoto)).toBeLessThan(6);
    expect(fetched.slice(1).sort()).toEqual(["heic-decoder.js", "heic-decoder.wasm"]);
    // The decoder's memory is given back.
    await expect.poll(() => page.workers().length).toBe(0);
    expect(photo(await read(await readFile(heicPhoto), { hasHeic: true }))).toMatchObject({ width: 1024 });
  });

  it("of HEIC with many pixels is read, by any decoder that has the same methods", async () => {
    const { read } = await open({ instead: { "heic-decoder.js": decoderOf(8_000, 6_000) } });
    const facts = photo(await read(await readFile(heicPhoto), { hasHeic: true }));
    expect(facts).toMatchObject({ width: 2048, height: 1536, isAsPicked: false });
  });

  it.each([
    ["there is no decoder", { hasHeic: false }, {}],
    ["the decoder is not there", { hasHeic: true }, { instead: { "heic-decoder.wasm": null } }],
    ["its script is not there", { hasHeic: true }, { instead: { "heic-decoder.js": null } }],
    ["it is none", { hasHeic: true }, { instead: { "heic-decoder.js": "self.libheif = () => ({})" } }],
    [
      "it does not end",
      { hasHeic: true, hurried: 2 },
      { instead: { "heic-decoder.js": "self.libheif = () => { for (;;) {} }" } },
    ],
    ["it has too many pixels", { hasHeic: true }, { instead: { "heic-decoder.js": decoderOf(8_001, 8_000) } }],
    ["the page allows no WebAssembly", { hasHeic: true }, { policy: withoutWasm }],
    ["there is no worker", { hasHeic: true }, { policy: withoutWorker }],
  ] as [string, object, PhotoPageOptions][])("of HEIC is refused where %s", async (_, how, options) => {
    const { read, outwaited } = await open(options);
    expect(await read(await readFile(heicPhoto), how)).toEqual({ refused: "photo_heic" });
    expect(await outwaited()).toBe("hurried" in how ? 1 : 0);
  });

  it("of HEIC that is broken, or says that it is huge, is refused, and the next one is read", async () => {
    const { read } = await open();
    const whole = await readFile(heicPhoto);
    const huge = Buffer.from(whole);
    const size = huge.indexOf("ispe") + 8;
    huge.writeUInt32BE(12_000, size);
    huge.writeUInt32BE(6_000, size + 4);
    for (const broken of [whole.subarray(0, 2_000), whole.subarray(0, 24), huge]) {
      expect(await read(broken, { hasHeic: true })).toEqual({ refused: "photo_heic" });
    }
    expect(photo(await read(whole, { hasHeic: true }))).toMatchObject({ width: 1024, height: 768 });
  });
});
