import { readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolderObjectStore } from "#app/adapters/filesystem/folder-object-store.ts";
import type { PhotoAnswer } from "#app/http/storefront-api.ts";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { createQuickPainter, quickRemover } from "#test/builders/painter.ts";
import { catPhoto, smallPhoto } from "#test/builders/photos.ts";
import { comeAsShopper, type Answer, type TestShopper } from "#test/builders/storefront.ts";

type Refusal = Answer<{ error: { code: string; message: string } }>;

/** Hostile files through the photo door. Each test is one attack, with the answer that the contract promises. */
describe("a hostile file", () => {
  let house: TestHouse;
  let shopper: TestShopper;
  beforeAll(async () => {
    house = await openTestHouse({ parts: { painters: [createQuickPainter()], remover: quickRemover } });
    shopper = await comeAsShopper(house.url);
  });
  afterAll(async () => {
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
    expect(readdirSync(join(house.dataDir, "uploads")), "no upload is left behind").toEqual([]);
    await house.close();
  });

  const send = (body: Uint8Array, headers: Record<string, string> = {}) =>
    shopper.call<Refusal["body"]>("POST", "photos", { body, headers });

  const text = (content: string) => Buffer.from(content);
  it.each([
    ["an SVG with a script", text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ["a GIF", Buffer.concat([text("GIF89a"), Buffer.alloc(400)])],
    ["a PDF", text("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj")],
    ["a page of HTML", text("<!doctype html><img src=x onerror=alert(1)>")],
    ["a TIFF", Buffer.concat([text("II*\0"), Buffer.alloc(400)])],
    ["a ZIP", Buffer.concat([text("PK\u0003\u0004"), Buffer.alloc(400)])],
    ["text that names a file on this machine", text("msl:/etc/passwd")],
  ])("that is %s under a photo's name and type is no photo: 415", async (_what, bytes) => {
    const answer = await send(bytes, { "Content-Type": "image/jpeg" });
    expect([answer.status, answer.body.error.code]).toEqual([415, "photo_type"]);
  });

  it("that is a phone's HEIC is 415 with a sentence of its own", async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), text("ftypheic\0\0\0\0mif1heic"), Buffer.alloc(200)]);
    const answer = await send(heic);
    expect([answer.status, answer.body.error.code]).toEqual([415, "photo_type"]);
    expect(answer.body.error.message).toMatch(/HEIC/);
  });

  it.each([
    ["a script", text("<script>alert(document.domain)</script>")],
    ["an archive", Buffer.concat([text("PK\u0003\u0004"), Buffer.alloc(300, 7)])],
  ])("that is a photo with %s behind it is taken, and what was behind it is gone", async (_what, payload) => {
    const photo = await smallPhoto(payload.length);
    const answer = await shopper.call<PhotoAnswer>("POST", "photos", { body: Buffer.concat([photo, payload]) });
    expect(answer.status).toBe(201);
    const stored = await storedPhoto(house, answer.body.photo.id);
    expect(stored.includes(payload.subarray(0, 20))).toBe(false);
  });

  it("that says where it was taken, and with what, no longer says so once it is stored or painted", async () => {
    const exif = {
      IFD0: { Make: "SpyPhone", Copyright: "somebody" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "52/1 31/1 0/1", GPSLongitudeRef: "E", GPSLongitude: "13/1 24/1 0/1" },
    };
    const photo = await sharp(catPhoto).withExif(exif).jpeg().toBuffer();
    expect(photo.includes("SpyPhone")).toBe(true);
    const answer = await shopper.call<PhotoAnswer>("POST", "photos", { body: photo });
    const stored = await storedPhoto(house, answer.body.photo.id);
    const { exif: kept, xmp, iptc } = await sharp(stored).metadata();
    expect([kept, xmp, iptc]).toEqual([undefined, undefined, undefined]);
    const { portrait } = (await shopper.ask(answer.body.photo.id)).body;
    const painted = await shopper.wait(portrait.id);
    const served = Buffer.from(
      await (await fetch(painted.image?.url.replace(house.config.appUrl, house.url) ?? "")).arrayBuffer(),
    );
    expect(served.includes("SpyPhone")).toBe(false);
  });

  it("that unpacks to 900 million pixels is refused from its header: 422", async () => {
    const answer = await send(pngHeader(30_000, 30_000));
    expect([answer.status, answer.body.error.code]).toEqual([422, "photo_too_large"]);
  });

  it.each([
    ["a hundred thousand pixels wide and one high", 100_000, 1],
    ["one pixel wide and a hundred thousand high", 1, 100_000],
  ])("that is %s is refused for its shape: 422", async (_what, width, height) => {
    const line = await sharp({ create: { width, height, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const answer = await send(line);
    expect([answer.status, answer.body.error.code]).toEqual([422, "photo_shape"]);
  });

  it.each([0.02, 0.5, 0.98])("that stops after %f of its bytes is broken: 422", async (share) => {
    const whole = await sharp(catPhoto).jpeg().toBuffer();
    const answer = await send(whole.subarray(0, Math.floor(whole.length * share)));
    expect([answer.status, answer.body.error.code]).toEqual([422, "photo_broken"]);
  });

  it("that is a form instead of a photo is no photo: 415", async () => {
    const form = text(
      '--x\r\nContent-Disposition: form-data; name="file"; filename="../../etc/cron.d/x"\r\n\r\nhello\r\n--x--',
    );
    const answer = await send(form, { "Content-Type": "multipart/form-data; boundary=x" });
    expect([answer.status, answer.body.error.code]).toEqual([415, "photo_type"]);
  });

  it("that is an address to fetch is fetched by nobody: 415 as a file, 422 as a wish", async () => {
    const address = "http://169.254.169.254/latest/meta-data/";
    expect((await send(text(address))).status).toBe(415);
    const wish = { photos: [{ url: address, image_url: address }], style: "ink_wash" };
    const answer = await shopper.call<Refusal["body"]>("POST", "portraits", { body: wish });
    expect([answer.status, answer.body.error.code]).toEqual([422, "body_invalid"]);
  });
});

async function storedPhoto(house: TestHouse, id: string): Promise<Buffer> {
  const objects = createFolderObjectStore(join(house.dataDir, "gallery"));
  for await (const name of objects.list("shops/")) {
    if (name.endsWith(`/photos/${id}`)) return (await objects.read(name))?.bytes ?? Buffer.alloc(0);
  }
  throw new Error(`the photo ${id} is not stored`);
}

/** A PNG of a few hundred bytes that claims to be huge: signature, header, an empty data chunk, end. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", Buffer.alloc(0)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
