import { createHash } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer, PhotoAnswer } from "#app/http/storefront-api.ts";
import { catPhoto, smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 90, g: 140, b: 60 } } });

describe("a photo", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy });
    shopper = await comeAsShopper(house.url);
  });
  afterAll(() => house.close());
  const post = (body: Uint8Array, query = {}) =>
    shopper.call<PhotoAnswer & ErrorAnswer>("POST", "photos", { body, query });

  it("is taken with the hash of the bytes that came, and the same bytes again are the same photo", async () => {
    const first = await post(catPhoto);
    expect(first.status).toBe(201);
    expect(first.body.photo).toMatchObject({ sha256: sha256(catPhoto), notices: [] });
    expect(first.body.photo.id).toMatch(/^pht_[A-Za-z0-9_-]{22}$/);
    const again = await post(catPhoto);
    expect(again).toMatchObject({ status: 200, body: { photo: { id: first.body.photo.id } } });
  });

  it("is one photo when it comes twice at once", async () => {
    const bytes = await smallPhoto(900);
    const twins = await Promise.all([post(bytes), post(bytes), post(bytes)]);
    expect(new Set(twins.map(({ body }) => body.photo.id)).size).toBe(1);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  });

  it.each(["jpeg", "png", "webp", "avif"] as const)("may be %s, whatever the header claims", async (format) => {
    const bytes = await plain(300, 320).toFormat(format).toBuffer();
    const answer = await shopper.call<PhotoAnswer>("POST", "photos", {
      body: bytes,
      headers: { "Content-Type": "text/html" },
    });
    expect(answer).toMatchObject({ status: 201, body: { photo: { width: 300, height: 320 } } });
  });

  it("stands upright, and its limits are those of the upright photo", async () => {
    const turned = await plain(400, 300)
      .withExif({ IFD0: { Orientation: "6" } })
      .jpeg()
      .toBuffer();
    const withOrientation = await sharp(turned).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect((await post(withOrientation)).body.photo).toMatchObject({ width: 300, height: 400 });
  });

  it("that is too long is made smaller, with a notice", async () => {
    const { status, body } = await post(await plain(5000, 2500).jpeg().toBuffer());
    expect(status).toBe(201);
    expect(body.photo).toMatchObject({ width: 4096, height: 2048, notices: [{ code: "shrunk" }] });
    expect(body.photo.notices[0]?.message).toMatch(/4096/);
  });

  it("that moves is its first frame, with a notice", async () => {
    const frames = await Promise.all(
      [10, 200].map((r) =>
        sharp({ create: { width: 300, height: 300, channels: 3, background: { r, g: 0, b: 0 } } })
          .png()
          .toBuffer(),
      ),
    );
    const moving = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const { status, body } = await post(moving);
    expect(status).toBe(201);
    expect(body.photo).toMatchObject({ width: 300, height: 300, notices: [{ code: "first_frame" }] });
  });

  it.each([
    ["255 pixels short", () => plain(255, 400).jpeg().toBuffer(), 422, "photo_too_small", /256/],
    ["longer than 8 : 1", () => plain(2600, 300).jpeg().toBuffer(), 422, "photo_shape", /long and thin/],
    ["of more than 64 million pixels", () => plain(8100, 8000).png().toBuffer(), 422, "photo_too_large", /64 million/],
    ["empty", async () => Buffer.alloc(0), 422, "photo_broken", /empty/],
    [
      "cut short",
      async () => (await plain(600, 600).jpeg().toBuffer()).subarray(0, 900),
      422,
      "photo_broken",
      /damaged/,
    ],
    ["a text", async () => Buffer.from("this is no photo"), 415, "photo_type", /JPEG, PNG, WebP or AVIF/],
    [
      "HEIC",
      async () =>
        Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic"), Buffer.alloc(500)]),
      415,
      "photo_type",
      /HEIC/,
    ],
    [
      "larger than 20 MB",
      async () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(20_000_000)]),
      413,
      "photo_too_large",
      /20 MB/,
    ],
  ] as const)("that is %s is refused with a sentence", async (_name, make, status, code, sentence) => {
    const answer = await post(await make());
    expect(answer).toMatchObject({
      status,
      body: { error: { code, message: expect.stringMatching(sentence), field: "photo" } },
    });
  });

  it("may be exactly as small, as thin and as large as the limits say", async () => {
    expect((await post(await plain(256, 256).jpeg().toBuffer())).status).toBe(201);
    expect((await post(await plain(2400, 300).jpeg().toBuffer())).status).toBe(201);
    expect((await post(await plain(8000, 8000).png().toBuffer())).status).toBe(201);
  });

  it("is nobody else's: the same bytes of another shopper are another photo", async () => {
    const bytes = await smallPhoto(901);
    const mine = await post(bytes);
    const other = await comeAsShopper(house.url);
    expect(await other.give(bytes)).not.toBe(mine.body.photo.id);
    expect(await other.ask(mine.body.photo.id)).toMatchObject({
      status: 409,
      body: { error: { code: "photo_needed" } },
    });
  });

  it("is found again by the hash of the file that was picked, and by nobody else", async () => {
    const source = "ab".repeat(32);
    await post(await smallPhoto(902), { source_sha256: source });
    const wish = { photos: [{ source_sha256: source }], style: "ink_wash" };
    expect((await shopper.call("POST", "portraits", { body: wish })).status).toBe(202);
    const other = await comeAsShopper(house.url);
    const refused = await other.call<ErrorAnswer>("POST", "portraits", { body: wish });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "photo_needed", field: "photos" } } });
    const stranger = { photos: [{ source_sha256: "cd".repeat(32) }], style: "ink_wash" };
    expect((await shopper.call("POST", "portraits", { body: stranger })).status).toBe(409);
  });

  it("leaves no upload behind, whatever came of it", async () => {
    const { readdirSync } = await import("node:fs");
    expect(readdirSync(`${house.dataDir}/uploads`)).toEqual([]);
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
  });
});
