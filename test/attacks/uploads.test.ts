import { Agent, request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer, PhotoAnswer, UploadAnswer } from "#app/http/storefront-api.ts";
import { openDirectUploadHouse, type DirectUploadHouse } from "#test/builders/direct-upload-house.ts";
import { catPhoto, smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { openRequest, sendRaw, type OpenRequest } from "#test/builders/raw-http.ts";
import { postForm } from "#test/builders/storage-form.ts";
import { comeAsShopper, signedQuery, type TestShopper } from "#test/builders/storefront.ts";
import { createChance, damageJson } from "./mutations.ts";

/** Attacks on the room for uploads, and on the two doors of photos that go by way of storage. */
const uploadBytes = 60_000_000;
const repeats = 10_000;

let house: DirectUploadHouse;
const open: OpenRequest[] = [];
beforeAll(async () => void (house = await openDirectUploadHouse({ uploadBytes })));
afterAll(() => house.close());
afterEach(async () => {
  // Whatever somebody does, they hold nothing when they are gone.
  for (const upload of open.splice(0)) upload.vanish();
  await until(() => house.room.held() === 0);
  expect(house.spooled()).toEqual([]);
  expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
});

const come = (who: Parameters<typeof comeAsShopper>[1] = {}) =>
  comeAsShopper(house.url, { nowMs: house.clock.nowMs, ...who });
const at = (shopper: TestShopper, door: string) => {
  const timestamp = String(Math.floor(house.clock.atMs / 1000));
  return `${house.url}/proxy/${door}?${signedQuery({ session: shopper.session.session, timestamp })}`;
};
/** Somebody at an address who begins to send a photo, in chunks where no length is given. */
async function begin(address: string, headers: Record<string, string> = {}): Promise<OpenRequest> {
  const shopper = await come({ address });
  const before = house.room.held();
  const upload = openRequest(at(shopper, "photos"), { "X-Forwarded-For": address, ...headers });
  open.push(upload);
  await upload.send(Buffer.from("RIFF"));
  await Promise.race([until(() => house.room.held() > before), upload.answer]);
  return upload;
}
/** Three of three addresses fill it. */
async function fill(): Promise<OpenRequest[]> {
  for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) await begin(address);
  expect(house.room.held()).toBe(uploadBytes);
  return open;
}
const busy = { status: 503, code: "busy", closes: true, retryAfter: 5 };

describe("the room for uploads", () => {
  it("counts a body without a length as the longest one, and as what it was once it is there", async () => {
    const holders = [...(await fill())];
    expect(await (await begin("192.0.2.4")).answer).toMatchObject(busy);
    for (const holder of holders) holder.end();
    for (const { answer } of holders) expect(await answer).toMatchObject({ status: 415 });
    await expect((await come({ address: "192.0.2.4" })).give(catPhoto)).resolves.toMatch(/^pht_/);
  });

  it("is refused before a body is read, and says when to come again", async () => {
    await fill();
    const shopper = await come({ address: "192.0.2.9" });
    const answer = await sendRaw(at(shopper, "photos"), {
      headers: { "X-Forwarded-For": "192.0.2.9", "Content-Length": "20000000" },
      body: endless(),
    });
    expect(answer).toMatchObject(busy);
    expect(answer.text).toMatch(/again in a few seconds/);
  });

  it("is not asked before the signature and the session", async () => {
    await fill();
    const unsigned = `${house.url}/proxy/photos?shop=evil`;
    expect(await sendRaw(unsigned, { body: [Buffer.alloc(9)] })).toMatchObject({ status: 401, code: "unsigned" });
    const shopper = await come({ address: "192.0.2.9" });
    expect((await shopper.call("GET", "session")).status).toBe(200);
  });

  it("is not held whole by one address, however many sessions it has", async () => {
    await begin("192.0.2.1");
    expect(await (await begin("192.0.2.1")).answer).toMatchObject(busy);
    await begin("192.0.2.2");
    expect(house.room.held()).toBe(40_000_000);
  });

  it("comes back from who vanishes in the middle", async () => {
    const upload = await begin("192.0.2.1", { "Content-Length": "20000000" });
    await upload.send(Buffer.alloc(2_000_000));
    await until(() => house.spooled().length === 1);
    upload.vanish();
    await until(() => house.room.held() === 0);
  });

  it("comes back from who trickles, and not from who is slow and still in time", async () => {
    const slow = await begin("192.0.2.1", { "Content-Length": "20000000" });
    await slow.send(Buffer.alloc(19_000_000));
    const cut = [await begin("192.0.2.2", { "Content-Length": "20000000" }), await begin("192.0.2.3")];
    const isOver = Promise.all(cut.map(({ answer }) => answer)).then(() => true);
    // It is a trickle only while it is waited for, so the time has to pass in steps.
    const step = () => new Promise<false>((resolve) => setTimeout(resolve, 300, false));
    while (!(await Promise.race([isOver, step()]))) house.clock.atMs += 5_000;
    for (const { answer } of cut) expect(await answer).toMatchObject({ status: 422, code: "upload_too_slow" });
    expect(house.room.held()).toBe(20_000_000);
    await slow.send(Buffer.alloc(999_996));
    slow.end();
    expect(await slow.answer).toMatchObject({ status: 415 });
  });

  it("comes back when the photo is refused, and when storage fails under it", async () => {
    const shopper = await come();
    const post = (body: Uint8Array) => shopper.call<ErrorAnswer>("POST", "photos", { body });
    expect((await post(Buffer.from("GIF89a"))).status).toBe(415);
    expect((await post(catPhoto.subarray(0, 9_000))).status).toBe(422);
    house.gcs.fake.faults.add({ kind: "status", status: 503 }, { method: "POST" }, 10_000);
    expect((await post(await smallPhoto(9_101))).status).toBe(503);
    house.gcs.fake.faults.clear();
  });

  it("is asked by what comes by way of storage, and what is refused lies there for the next try", async () => {
    const shopper = await come();
    const photo = await smallPhoto(9_102);
    const { body } = await shopper.call<UploadAnswer>("POST", "uploads", {
      body: { bytes: photo.length, content_type: "image/jpeg" },
    });
    expect((await postForm(body.upload, photo)).status).toBe(204);
    const receive = () =>
      shopper.call<PhotoAnswer & ErrorAnswer>("POST", "photos/received", { body: { photo_id: body.photo_id } });
    const holders = await fill();
    const refused = await receive();
    expect([refused.status, refused.body.error.code, refused.headers.get("Retry-After")]).toEqual([503, "busy", "5"]);
    for (const holder of holders) holder.vanish();
    await until(() => house.room.held() === 0);
    expect(await receive()).toMatchObject({ status: 201, body: { photo: { id: body.photo_id } } });
  });
});

describe("the doors of photos by way of storage", () => {
  const post = (who: TestShopper, door: string, body: unknown) =>
    who.call<ErrorAnswer>("POST", door, { body: typeof body === "string" ? Buffer.from(body) : body });

  it.each([
    ["no bytes", { content_type: "image/jpeg" }, 422],
    ["bytes that are words", { bytes: "5", content_type: "image/jpeg" }, 422],
    ["less than nothing", { bytes: -1, content_type: "image/jpeg" }, 422],
    ["half a byte", { bytes: 1.5, content_type: "image/jpeg" }, 422],
    ["nothing", { bytes: 0, content_type: "image/jpeg" }, 422],
    ["a number without an end", '{"bytes":1e999,"content_type":"image/jpeg"}', 422],
    ["more than whole numbers go", '{"bytes":9007199254740993,"content_type":"image/jpeg"}', 422],
    ["a byte too many", { bytes: 50_000_001, content_type: "image/jpeg" }, 413],
    ["another type", { bytes: 5, content_type: "image/svg+xml" }, 415],
    ["a type with a line in it", { bytes: 5, content_type: "image/jpeg\r\nx-goog-acl: public-read" }, 415],
    ["a type without an end", { bytes: 5, content_type: "image/".padEnd(101, "x") }, 422],
    ["a type that is a list", { bytes: 5, content_type: ["image/jpeg"] }, 422],
    ["a list", [{ bytes: 5, content_type: "image/jpeg" }], 422],
    ["no JSON", "bytes=5", 422],
    ["nothing at all", "", 422],
  ])("offer no place for %s", async (_, body, status) => {
    expect((await post(await come(), "uploads", body)).status).toBe(status);
  });

  it.each([
    ["an id of another kind", { photo_id: "por_AAAAAAAAAAAAAAAAAAAAAA" }, 422],
    ["a path", { photo_id: "pht_../../../../etc/passwd" }, 422],
    ["a number", { photo_id: 7 }, 422],
    ["many ids", { photo_id: ["pht_AAAAAAAAAAAAAAAAAAAAAA"] }, 422],
    ["an address to fetch", { photo_id: "http://169.254.169.254/latest" }, 422],
    ["an id and somebody's shop", { photo_id: "pht_AAAAAAAAAAAAAAAAAAAAAA", shop: "other.myshopify.com" }, 409],
    ["an id that was never given", { photo_id: "pht_AAAAAAAAAAAAAAAAAAAAAA" }, 409],
    ["no JSON", "pht_AAAAAAAAAAAAAAAAAAAAAA", 422],
  ])("receive nothing under %s", async (_, body, status) => {
    expect((await post(await come(), "photos/received", body)).status).toBe(status);
  });

  it("give what one shopper has sent to nobody else, of this shop or another", async () => {
    const victim = await come({ customer: "42" });
    const photo = await smallPhoto(9_201);
    const { body } = await victim.call<UploadAnswer>("POST", "uploads", {
      body: { bytes: photo.length, content_type: "image/jpeg" },
    });
    expect((await postForm(body.upload, photo)).status).toBe(204);
    for (const who of [{ customer: "43" }, {}, { customer: "42", shop: "other-shop.myshopify.com" }])
      expect(await post(await come(who), "photos/received", { photo_id: body.photo_id })).toMatchObject({
        status: 409,
        body: { error: { code: "upload_missing" } },
      });
    expect((await post(victim, "photos/received", { photo_id: body.photo_id })).status).toBe(201);
  });

  it("answer ten thousand damaged bodies without a 5xx", { timeout: 600_000 }, async () => {
    const chance = createChance(20261125);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const shopper = await come();
    const statuses = new Map<number, number>();
    const bodies = [
      ["uploads", { bytes: 5_000, content_type: "image/jpeg" }],
      ["photos/received", { photo_id: "pht_AAAAAAAAAAAAAAAAAAAAAA" }],
    ] as const;
    let left = repeats;
    const shoot = async () => {
      while (left-- > 0) {
        const [door, body] = chance.pick(bodies);
        const status = await fire(agent, at(shopper, door), damageJson(body, chance));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 8 }, shoot));
    agent.destroy();
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
    // They reach what lies behind the shape of a body.
    for (const status of [201, 409, 422]) expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(100);
  });
});

function* endless(): Iterable<Buffer> {
  for (;;) yield Buffer.alloc(65_536);
}

function fire(agent: Agent, url: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", agent, headers: { "Content-Length": body.length } }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
