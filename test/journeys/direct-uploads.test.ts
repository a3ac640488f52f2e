import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorAnswer, PhotoAnswer, UploadAnswer } from "#app/http/storefront-api.ts";
import { openDirectUploadHouse, type DirectUploadHouse } from "#test/builders/direct-upload-house.ts";
import { catPhoto, smallPhoto } from "#test/builders/photos.ts";
import { postForm } from "#test/builders/storage-form.ts";
import { comeAsShopper, type Answer, type TestShopper } from "#test/builders/storefront.ts";

/** A photo that goes straight into storage: offered, sent, received; and everything that can come in between. */
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const download = { method: "GET", query: { alt: "media" } };

let house: DirectUploadHouse;
let shopper: TestShopper;
let number = 7_000;
const come = (who: Parameters<typeof comeAsShopper>[1] = {}) =>
  comeAsShopper(house.url, { nowMs: () => house.clock.atMs, ...who });
beforeAll(async () => {
  house = await openDirectUploadHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  shopper = await come();
});
afterEach(() => {
  expect(house.spooled()).toEqual([]);
  house.gcs.fake.faults.clear();
});

const offer = (bytes: number, content_type = "image/jpeg", query = {}, who = shopper) =>
  who.call<UploadAnswer & ErrorAnswer>("POST", "uploads", { body: { bytes, content_type }, query });
const received = (photo_id: string, query = {}, who = shopper) =>
  who.call<PhotoAnswer & ErrorAnswer>("POST", "photos/received", { body: { photo_id }, query });
const rawUploads = () => house.objects().filter((name) => name.startsWith("uploads/"));
const freshPhoto = () => smallPhoto((number += 1));

/** Offered and sent, not yet received. */
async function send(bytes: Uint8Array, who = shopper, type = "image/jpeg"): Promise<string> {
  const { status, body } = await offer(bytes.length, type, {}, who);
  expect(status).toBe(201);
  expect((await postForm(body.upload, bytes)).status).toBe(204);
  return body.photo_id;
}

describe("a photo straight into storage", () => {
  it("is offered where there is such a storage, with room for fifty megabytes", () => {
    expect(shopper.session).toMatchObject({ upload: "direct", limits: { max_bytes: 50_000_000, min_side: 256 } });
  });

  it("is offered a place, sent there, received, kept, and the upload is gone", async () => {
    const { status, body } = await offer(catPhoto.length, "image/webp");
    expect(status).toBe(201);
    expect(body.photo_id).toMatch(/^pht_[A-Za-z0-9_-]{22}$/);
    expect(Date.parse(body.upload.expires_at) - house.clock.atMs).toBe(600_000);
    expect((await postForm(body.upload, catPhoto)).status).toBe(204);
    const answer = await received(body.photo_id);
    expect(answer.status).toBe(201);
    expect(answer.body.photo).toMatchObject({ id: body.photo_id, sha256: sha256(catPhoto), notices: [] });
    expect(rawUploads()).toEqual([]);
    expect(house.objects()).toContain(`shops/paws-and-paper.myshopify.com/photos/${body.photo_id}`);
  });

  it("is the same photo however often it is said to be there, and by whatever way it comes again", async () => {
    const bytes = await freshPhoto();
    const key = "a".repeat(20);
    const id = await send(bytes);
    const first = await received(id, { key });
    expect([first.status, (await received(id, { key })).body]).toEqual([201, first.body]);
    expect(await received(id)).toMatchObject({ status: 200, body: { photo: { id } } });
    expect(await shopper.give(bytes)).toBe(id);
  });

  it("keeps its first id where the same bytes were given before, and answers to the second too", async () => {
    const bytes = await freshPhoto();
    const before = await shopper.give(bytes);
    const id = await send(bytes);
    for (const _time of [1, 2])
      expect(await received(id)).toMatchObject({ status: 200, body: { photo: { id: before } } });
    expect(rawUploads()).toEqual([]);
  });

  it("is one photo when it is received twice at once", async () => {
    const id = await send(await freshPhoto());
    const twins = await Promise.all([received(id), received(id), received(id)]);
    expect(twins.map(({ body }) => body.photo?.id)).toEqual([id, id, id]);
  });

  it("is found again by the hash of the file that was picked", async () => {
    const source_sha256 = "cd".repeat(32);
    const id = await send(await freshPhoto());
    await received(id, { source_sha256 });
    expect((await received(id, { source_sha256: "ce".repeat(32) })).status).toBe(200);
  });

  it("may be larger than the shop's proxy carries", async () => {
    // A reader of JPEG stops at its end; what comes after it is thrown away with the upload.
    const bytes = Buffer.concat([await freshPhoto(), Buffer.alloc(30_000_000)]);
    const answer = await received(await send(bytes));
    expect(answer).toMatchObject({ status: 201, body: { photo: { sha256: sha256(bytes), width: 320 } } });
    expect((await shopper.call("POST", "photos", { body: bytes })).status).toBe(413);
  });
});

describe("whose it is", () => {
  it("is the shopper who was offered the place, and nobody else", async () => {
    const id = await send(await freshPhoto());
    const strangers = [await come(), await come({ customer: "7" }), await come({ shop: "other.myshopify.com" })];
    for (const stranger of strangers)
      expect(await received(id, {}, stranger)).toMatchObject({
        status: 409,
        body: { error: { code: "upload_missing" } },
      });
    expect((await received(id)).status).toBe(201);
    for (const stranger of strangers) expect((await received(id, {}, stranger)).status).toBe(409);
  });

  it("stays theirs when they log in on the way", async () => {
    const bytes = await freshPhoto();
    const id = await send(bytes);
    const customer = await come({ customer: "42", session: shopper.session.session });
    expect(await received(id, {}, customer)).toMatchObject({ status: 201, body: { photo: { id } } });
    expect(rawUploads()).toEqual([]);
  });

  it("does not matter for what nobody has received: it goes when they ask to be forgotten", async () => {
    await send(await freshPhoto());
    const [name = ""] = rawUploads();
    const [, shop = "", owner = ""] = name.split("/");
    expect(await house.uploads.forget(shop, [owner.replace("-", ":")])).toBe(1);
    expect(rawUploads()).toEqual([]);
  });
});

describe("what does not come", () => {
  const missing = (answer: Answer<ErrorAnswer>) => {
    expect(answer.body.error.message).toMatch(/did not arrive/);
    expect([answer.status, answer.body.error.code, answer.body.error.field]).toEqual([
      409,
      "upload_missing",
      "photo_id",
    ]);
  };

  it("is said to have not come", async () => {
    missing(await received((await offer(1_000)).body.photo_id));
    missing(await received("pht_AAAAAAAAAAAAAAAAAAAAAA"));
  });

  it("because it came too late, or was told of too late", async () => {
    const bytes = await freshPhoto();
    const { upload, photo_id } = (await offer(bytes.length)).body;
    const told = await send(bytes);
    house.clock.atMs += 601_000;
    expect((await postForm(upload, bytes)).status).toBe(400);
    missing(await received(photo_id));
    house.clock.atMs += 3_000_000;
    missing(await received(told));
    expect(await house.uploads.sweep()).toBe(1);
  });

  it("because it is not what was announced", async () => {
    const bytes = await freshPhoto();
    const { upload, photo_id } = (await offer(bytes.length)).body;
    expect((await postForm(upload, Buffer.concat([bytes, bytes]))).status).toBe(400);
    expect((await postForm(upload, bytes, { "content-type": "text/html" })).status).toBe(400);
    missing(await received(photo_id));
  });
});

describe("what is refused", () => {
  it.each([
    [50_000_001, "image/jpeg", 413, "photo_too_large", /50 MB/],
    [0, "image/jpeg", 422, "photo_broken", /empty/],
    [1_000, "image/heic", 415, "photo_type", /HEIC/],
    [1_000, "text/html", 415, "photo_type", /JPEG/],
    [1.5, "image/jpeg", 422, "body_invalid", /./],
    [-1, "image/jpeg", 422, "body_invalid", /./],
  ] as const)("ahead: %d bytes of %s", async (bytes, type, status, code, sentence) => {
    const { body, ...answer } = await offer(bytes, type);
    expect([answer.status, body.error.code]).toEqual([status, code]);
    expect(body.error.message).toMatch(sentence);
  });

  it("when it is there: by content, as any other photo, and not kept", async () => {
    const text = Buffer.from("this is no photo at all");
    const small = await smallPhoto(1, { width: 200, height: 300 });
    for (const [bytes, status, code] of [
      [text, 415, "photo_type"],
      [small, 422, "photo_too_small"],
      [(await freshPhoto()).subarray(0, 1_000), 422, "photo_broken"],
    ] as const) {
      const answer = await received(await send(bytes));
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
      expect(rawUploads()).toEqual([]);
    }
  });

  it("from who is not signed in any way, by method and by body", async () => {
    for (const path of ["uploads", "photos/received"]) {
      expect((await fetch(`${house.url}/proxy/${path}`, { method: "POST", body: "{}" })).status).toBe(401);
      expect((await shopper.call("POST", path, { query: { session: undefined }, body: {} })).status).toBe(401);
      expect((await shopper.call("PUT", path, { body: {} })).status).toBe(405);
      expect((await shopper.call("GET", path)).status).toBe(404);
      for (const body of [{}, [], { photo_id: "../x", bytes: "1", content_type: 7 }])
        expect((await shopper.call("POST", path, { body })).status).toBe(422);
    }
  });
});

describe("trouble on the way", () => {
  it("of storage is a word to try again, and trying again works", async () => {
    const id = await send(await freshPhoto());
    house.gcs.fake.faults.add({ kind: "cut-body", afterBytes: 100 }, download);
    const answer = await received(id);
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "busy", retry_at: expect.any(String) } } });
    expect(answer.headers.get("retry-after")).toBe("5");
    expect((await received(id)).status).toBe(201);
  });

  it("after the record and before the bytes leaves nothing half: the upload is still there to mend it", async () => {
    const id = await send(await freshPhoto());
    house.gcs.fake.faults.add({ kind: "status", status: 503 }, { method: "POST", path: /^\/upload/ }, 10_000);
    expect((await received(id)).status).toBe(503);
    house.gcs.fake.faults.clear();
    expect(await received(id)).toMatchObject({ status: 200, body: { photo: { id } } });
    expect([rawUploads(), house.objects().filter((name) => name.endsWith(id))]).toEqual([[], [expect.any(String)]]);
  });

  it("of a twin that takes the upload away while it is read is no trouble", async () => {
    const id = await send(await freshPhoto());
    house.gcs.fake.faults.add({ kind: "delay", ms: 400 }, download);
    const slow = received(id);
    await expect.poll(() => house.gcs.fake.requests.at(-1)?.query.alt).toBe("media");
    expect((await received(id)).status).toBe(201);
    expect(await slow).toMatchObject({ status: 200, body: { photo: { id } } });
  });

  it("of deleting the upload does not keep the photo from the shopper; the sweep deletes it", async () => {
    const id = await send(await freshPhoto());
    house.gcs.fake.faults.add({ kind: "status", status: 403 }, { method: "DELETE" }, 100);
    expect((await received(id)).status).toBe(201);
    house.gcs.fake.faults.clear();
    house.clock.atMs += 3_601_000;
    expect(await house.uploads.sweep()).toBe(1);
  });

  it("of a shopper's own making, other bytes at the same place in between, is never ours", async () => {
    const [photo, other] = [await freshPhoto(), await freshPhoto()];
    const length = Math.max(photo.length, other.length);
    const [bytes, fitting] = [photo, other].map((each) => Buffer.concat([each, Buffer.alloc(length - each.length)]));
    if (bytes === undefined || fitting === undefined) return expect.unreachable();
    const { upload, photo_id } = (await offer(length)).body;
    await postForm(upload, bytes);
    house.gcs.fake.faults.add({ kind: "delay", ms: 60 }, { method: "POST", path: /^\/upload/ }, 2);
    const both = [received(photo_id), postForm(upload, fitting).then(() => received(photo_id))];
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(
      statuses.every((status) => [200, 201, 409, 503].includes(status)),
      statuses.join(),
    ).toBe(true);
    expect([200, 201]).toContain((await received(photo_id)).status);
  });

  it("is not told to anybody who should not hear of it", () => {
    const errors = house.said.filter(({ level }) => level === "error");
    expect(errors).toEqual([]);
    expect(JSON.stringify(house.said)).not.toMatch(/x-goog|policy|signature/i);
  });
});
