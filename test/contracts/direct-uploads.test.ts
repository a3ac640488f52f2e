import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGcsDirectUploads } from "#app/adapters/gcs/direct-uploads.ts";
import { openCloudStorage } from "#app/adapters/gcs/open-cloud-storage.ts";
import { createSignedReads } from "#app/adapters/gcs/signed-reads.ts";
import { systemClock } from "#app/kernel/clock.ts";
import type { DirectUploads, UploadPlace } from "#app/photos/direct-uploads.ts";
import { fakeBucket, impatient, openFakeGcs, type FakeGcs } from "#test/builders/gcs.ts";
import { startRelay } from "#test/builders/relay.ts";
import { postForm } from "#test/builders/storage-form.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";

const place: UploadPlace = { shop: "a.myshopify.com", owner: "s:ses_1", photoId: "pht_1" };
const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 13) % 256));
/** The same policy with a day more. */
function longer(policy: string): string {
  const read = JSON.parse(Buffer.from(policy, "base64").toString()) as { expiration: string };
  const expiration = new Date(Date.parse(read.expiration) + 86_400_000).toISOString();
  return Buffer.from(JSON.stringify({ ...read, expiration })).toString("base64");
}

const file = { bytes: bytes.length, contentType: "image/jpeg" };
const download = { method: "GET", query: { alt: "media" } };

let gcs: FakeGcs;
let clock: ReturnType<typeof stoppedClock>;
let uploads: DirectUploads;
beforeEach(async () => {
  clock = stoppedClock(Date.now());
  gcs = await openFakeGcs({ nowMs: () => clock.atMs });
  uploads = createGcsDirectUploads(gcs.bucket, { clock, patience: impatient });
});
afterEach(() => gcs.close());

const names = () => [...(gcs.fake.buckets.get(fakeBucket)?.objects.keys() ?? [])];
const put = async (where: UploadPlace = place) =>
  expect((await postForm(await uploads.offer(where, file), bytes)).status).toBe(204);
async function read(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe("an upload that stands still on its way from storage", () => {
  it("is given up as busy, and one that is only large is not", async () => {
    const line = await startRelay(new URL(gcs.fake.url).host);
    const bucket = openCloudStorage({
      projectId: "test-project",
      bucket: fakeBucket,
      apiEndpoint: `http://${line.host}`,
      credentials: gcs.fake.credentials,
    });
    const far = createGcsDirectUploads(bucket, { clock, patience: impatient });
    const large = Buffer.alloc(30_000_000, bytes);
    await gcs.bucket.file("uploads/a.myshopify.com/s-ses_1/pht_1").save(large, { resumable: false });
    const whole = await far.take(place);
    expect((await read(whole?.body as ReadableStream<Uint8Array>)).equals(large)).toBe(true);
    const stopped = (await far.take(place))?.body as ReadableStream<Uint8Array>;
    const reading = stopped.getReader();
    await reading.read();
    line.stop();
    const rest = async () => {
      while (!(await reading.read()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: "busy", kind: "unavailable" });
    await line.close();
  });
});

describe("a form for storage", () => {
  it("lets a page of any shop put that file at that one place", async () => {
    const offered = await uploads.offer(place, file);
    expect(offered.expiresAtMs - clock.atMs).toBe(600_000);
    const { status, headers } = await postForm(offered, bytes);
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
    expect(names()).toEqual(["uploads/a.myshopify.com/s-ses_1/pht_1"]);
    const [object] = gcs.fake.buckets.get(fakeBucket)?.objects.values() ?? [];
    expect(object?.contentType).toBe("image/jpeg");
    const arrived = await uploads.take(place);
    expect(arrived?.bytes).toBe(200_000);
    expect((await read(arrived?.body as ReadableStream<Uint8Array>)).equals(bytes)).toBe(true);
  });

  it("says 201 with a description where the form asks for it and the policy allows it", async () => {
    const [{ url: _url, fields }] = await gcs.bucket.file("uploads/x").generateSignedPostPolicyV4({
      expires: clock.atMs + 60_000,
      fields: { success_action_status: "201" },
    });
    const answer = await postForm({ url: `${gcs.fake.url}/${fakeBucket}/`, fields }, bytes);
    const md5 = createHash("md5").update(bytes).digest("hex");
    expect([answer.status, await answer.text()]).toEqual([201, expect.stringContaining(`<ETag>"${md5}"</ETag>`)]);
  });

  it("answers a browser that asks first because it wants to show how far it got", async () => {
    const { url } = await uploads.offer(place, file);
    const preflight = (method: string) =>
      fetch(url, { method: "OPTIONS", headers: { Origin: "https://a.shop", "Access-Control-Request-Method": method } });
    expect((await preflight("POST")).headers.get("access-control-allow-methods")).toBe("POST");
    expect((await preflight("DELETE")).headers.get("access-control-allow-origin")).toBeNull();
  });

  it.each([
    ["one byte more", Buffer.concat([bytes, Buffer.from("x")]), {}, 400, "EntityTooLarge"],
    ["one byte less", bytes.subarray(1), {}, 400, "EntityTooSmall"],
    ["another name", bytes, { key: "uploads/a.myshopify.com/s-ses_2/pht_1" }, 400, "InvalidPolicyDocument"],
    ["another type", bytes, { "content-type": "text/html" }, 400, "InvalidPolicyDocument"],
    ["a field of its own", bytes, { "x-goog-meta-mine": "1" }, 400, "InvalidPolicyDocument"],
    [
      "another signer",
      bytes,
      { "x-goog-credential": "me@x/20261124/auto/storage/goog4_request" },
      403,
      "SignatureDoesNotMatch",
    ],
  ] as const)("with %s puts nothing anywhere", async (_what, sent, change, status, code) => {
    const offered = await uploads.offer(place, file);
    const answer = await postForm(offered, sent, change);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(`<Code>${code}</Code>`)]);
    expect(names()).toEqual([]);
  });

  it("with a policy that was made to last longer puts nothing anywhere", async () => {
    const offered = await uploads.offer(place, file);
    const answer = await postForm(offered, bytes, { policy: longer(offered.fields.policy ?? "") });
    expect([answer.status, names()]).toEqual([403, []]);
  });

  it("is worth nothing after ten minutes", async () => {
    const offered = await uploads.offer(place, file);
    clock.atMs += 599_000;
    expect((await postForm(offered, bytes)).status).toBe(204);
    clock.atMs += 2_000;
    expect((await postForm(offered, bytes)).status).toBe(400);
  });
});

describe("what was uploaded", () => {
  it("is found under its owner's name only", async () => {
    await put();
    expect(await uploads.take({ ...place, owner: "s:ses_2" })).toBeUndefined();
    expect(await uploads.take({ ...place, shop: "b.myshopify.com" })).toBeUndefined();
    expect(await uploads.take({ ...place, photoId: "pht_2" })).toBeUndefined();
    await expect(uploads.take({ ...place, photoId: "../s-ses_2/pht_1" })).rejects.toThrow(RangeError);
  });

  it.each([
    ["cut off", { kind: "cut-body", afterBytes: 90_000 }],
    ["changed by a bit", { kind: "flip-bit" }],
    ["reset", { kind: "reset-before" }],
    ["refused", { kind: "status", status: 503 }],
  ] as const)("and comes %s is no photo but trouble that passes", async (_what, fault) => {
    await put();
    gcs.fake.faults.add(fault, download);
    const arrived = await uploads.take(place);
    await expect(read(arrived?.body as ReadableStream<Uint8Array>)).rejects.toMatchObject({
      code: "busy",
      kind: "unavailable",
    });
    const again = await uploads.take(place);
    expect((await read(again?.body as ReadableStream<Uint8Array>)).equals(bytes)).toBe(true);
  });

  it("is gone once it is discarded, twice as well", async () => {
    await put();
    await uploads.discard(place);
    await uploads.discard(place);
    expect([await uploads.take(place), names()]).toEqual([undefined, []]);
  });

  it("is not taken after an hour, and the sweep takes it away and nothing else", async () => {
    await put();
    await gcs.bucket.file("shops/a.myshopify.com/photos/kept").save("x", { resumable: false });
    clock.atMs += 3_599_000;
    await put({ ...place, photoId: "pht_2" });
    expect(await uploads.sweep()).toBe(0);
    clock.atMs += 2_000;
    expect(await uploads.take(place)).toBeUndefined();
    expect(await uploads.sweep()).toBe(1);
    expect(names().sort()).toEqual(["shops/a.myshopify.com/photos/kept", "uploads/a.myshopify.com/s-ses_1/pht_2"]);
  });

  it("is forgotten with its shopper, and with its shop", async () => {
    const places = [
      place,
      { ...place, photoId: "pht_2" },
      { ...place, owner: "c:7" },
      { ...place, owner: "s:ses_11" },
      { ...place, shop: "a.myshopify.com2" },
    ];
    for (const each of places) await put(each);
    expect(await uploads.forget(place.shop, ["c:7", "s:ses_1"])).toBe(3);
    expect(await uploads.forget(place.shop, "everybody")).toBe(1);
    expect(names()).toEqual(["uploads/a.myshopify.com2/s-ses_1/pht_1"]);
  });
});

describe("a signed address", () => {
  it("stays the same for a quarter of an hour and is good for one more", async () => {
    clock.atMs = Math.floor(Date.now() / 900_000) * 900_000;
    await gcs.bucket.file("shops/a/x").save("picture", { resumable: false, contentType: "image/png" });
    const reads = createSignedReads(gcs.bucket, { clock });
    const first = await reads.addressOf("shops/a/x");
    clock.atMs += 899_000;
    expect(await reads.addressOf("shops/a/x")).toBe(first);
    clock.atMs += 1_000;
    expect(await reads.addressOf("shops/a/x")).not.toBe(first);
    expect(await (await fetch(first)).text()).toBe("picture");
    clock.atMs += 901_000;
    expect((await fetch(first)).status).toBe(400);
    await expect(reads.addressOf("../x")).rejects.toThrow(RangeError);
  });
});

it("nobody signs anything where there is nobody to sign as", async () => {
  const nobody = { ...gcs.fake.credentials, private_key: "no key" };
  const { openCloudStorage } = await import("#app/adapters/gcs/open-cloud-storage.ts");
  const bucket = openCloudStorage({
    projectId: "p",
    bucket: fakeBucket,
    apiEndpoint: gcs.fake.url,
    credentials: nobody,
  });
  const unable = createGcsDirectUploads(bucket, { clock: systemClock, patience: { ...impatient, deadlineMs: 100 } });
  await expect(unable.offer(place, file)).rejects.toMatchObject({ kind: "unavailable", code: "busy" });
});
