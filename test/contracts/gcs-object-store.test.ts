import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGcsObjectStore } from "#app/adapters/gcs/gcs-object-store.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import { openCloudStorage } from "#app/adapters/gcs/open-cloud-storage.ts";
import { systemClock } from "#app/kernel/clock.ts";
import type { AppError } from "#app/kernel/errors.ts";
import { fakeBucket, impatient, openGcsStore, type FakeGcs } from "#test/builders/gcs.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";

const name = "shops/a.myshopify.com/portraits/k1";
const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 251));
const facts = { contentType: "image/jpeg", attributes: { width: "1" } };
const upload = { method: "POST", path: /^\/upload\// };
const download = { method: "GET", query: { alt: "media" } };
const described = { method: "GET", path: /\/o\/shops/ };
const deletion = { method: "DELETE" };

let gcs: FakeGcs & { store: ObjectStore };
beforeEach(async () => {
  gcs = await openGcsStore();
});
afterEach(() => gcs.close());

const tries = (method: string, path = /./) =>
  gcs.fake.requests.filter((seen) => seen.method === method && path.test(seen.path)).length;
const stored = () => gcs.fake.buckets.get(fakeBucket)?.objects.get(name);
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error as AppError,
  );

describe("a write to Cloud Storage", () => {
  it("whose reply was lost is known for our own", async () => {
    gcs.fake.faults.add({ kind: "reset-after" }, upload);
    expect(await gcs.store.create(name, bytes, facts)).toBe("created");
    expect([tries("POST", /^\/upload/), stored()?.bytes.equals(bytes)]).toEqual([2, true]);
  });

  it("whose reply was lost twice is still known", async () => {
    gcs.fake.faults.add({ kind: "reset-after" }, upload);
    gcs.fake.faults.add({ kind: "status", status: 503 }, upload);
    gcs.fake.faults.add({ kind: "reset-before" }, described);
    expect(await gcs.store.create(name, bytes, facts)).toBe("created");
  });

  it("of another, of the very same bytes, is not taken for ours", async () => {
    await gcs.store.create(name, bytes, { ...facts, attributes: { by: "another" } });
    gcs.fake.faults.add({ kind: "reset-before" }, upload);
    expect(await gcs.store.create(name, bytes, facts)).toBe("exists");
    expect((await gcs.store.stat(name))?.attributes).toEqual({ by: "another" });
  });

  it("that lost its reply after another had been first is the other's", async () => {
    gcs.fake.faults.add({ kind: "reset-before" }, upload);
    const first = gcs.store.create(name, bytes, facts);
    expect(await openStoreOf(gcs).create(name, Buffer.from("other"), facts)).toBe("created");
    expect(await first).toBe("exists");
  });

  it("is tried again when the object that stood in its way is gone at the second look", async () => {
    await gcs.store.create(name, Buffer.from("old"), facts);
    gcs.fake.faults.add({ kind: "status", status: 404, message: "No such object" }, described);
    gcs.fake.faults.add({ kind: "status", status: 412 }, upload);
    gcs.fake.buckets.get(fakeBucket)?.objects.clear();
    expect(await gcs.store.create(name, bytes, facts)).toBe("created");
  });

  it.each([
    ["twice refused with 503", { kind: "status", status: 503 }, 2],
    ["told to slow down", { kind: "status", status: 429, retryAfterSeconds: 1 }, 1],
    ["reset before it was made", { kind: "reset-before" }, 2],
    ["answered with 500 and then 502", { kind: "status", status: 502 }, 2],
  ] as const)("that is %s is made once", async (_what, fault, times) => {
    gcs.fake.faults.add(fault, upload, times);
    expect(await gcs.store.create(name, bytes, facts)).toBe("created");
    expect([tries("POST", /^\/upload/), stored()?.metageneration]).toEqual([times + 1, 1]);
  });

  it("is given up at the deadline, with a word about when to come back", async () => {
    const store = openStoreOf(gcs, { deadlineMs: 300 });
    gcs.fake.faults.add({ kind: "status", status: 503 }, upload, 10_000);
    const fault = await faultOf(store.create(name, bytes, facts));
    expect(fault).toMatchObject({ kind: "unavailable", code: "busy", report: false });
    expect(fault.retryAtMs).toBeGreaterThan(Date.now());
    expect(tries("POST", /^\/upload/)).toBeGreaterThan(3);
  });

  it("does not wait longer than the deadline for one answer", async () => {
    const store = openStoreOf(gcs, { deadlineMs: 200 });
    gcs.fake.faults.add({ kind: "delay", ms: 1_500 }, upload);
    expect(await faultOf(store.create(name, bytes, facts))).toMatchObject({ kind: "unavailable", code: "busy" });
  });

  it.each([401, 403])("that is refused with %i is not repeated, and somebody hears of it", async (status) => {
    gcs.fake.faults.add({ kind: "status", status }, upload, 10);
    const fault = await faultOf(gcs.store.create(name, bytes, facts));
    expect(fault).toMatchObject({ kind: "unavailable", code: "busy", report: true });
    expect([fault.publicMessage.includes(String(status)), tries("POST", /^\/upload/)]).toEqual([false, 1]);
  });

  it("carries its sum, so that what changed on the way is no object and is sent again", async () => {
    gcs.fake.faults.add({ kind: "garble" }, upload, 2);
    expect(await gcs.store.create(name, bytes, facts)).toBe("created");
    expect([tries("POST", /^\/upload/), stored()?.bytes.equals(bytes)]).toEqual([3, true]);
  });

  it("keeps attributes of any letters, and refuses more than there is room for", async () => {
    const odd = { 'a"b': "ü\r\n\t\u0000", "Ünï 🐶": "🐕‍🦺 = ; , %41", backgroundKept: "true", "": "" };
    await gcs.store.create(name, bytes, { contentType: "image/png", attributes: odd });
    expect(await gcs.store.stat(name)).toEqual({ contentType: "image/png", attributes: odd });
    const kept = Object.values(stored()?.metadata ?? {}).join("");
    expect(kept).toMatch(/^[\x20-\x7e]+$/);
    const many = { contentType: "x/y", attributes: { a: "x".repeat(8_200) } };
    await expect(gcs.store.create("shops/a/b", bytes, many)).rejects.toThrow(RangeError);
  });

  it("is dated: by the day until which it is kept, else by the longest that anything is", async () => {
    const clock = stoppedClock(Date.parse("2026-11-24T10:00:00Z"));
    const store = createGcsObjectStore(gcs.bucket, { clock, cacheControl: "private, no-store" });
    await store.create(name, bytes, facts);
    expect(stored()).toMatchObject({ customTime: "2027-05-24T00:00:00.000Z", cacheControl: "private, no-store" });
    const dated = { ...facts, keepUntilMs: clock.atMs + 7 * 86_400_000 };
    await store.create("shops/a/session", bytes, dated);
    const objects = gcs.fake.buckets.get(fakeBucket)?.objects;
    expect(objects?.get("shops/a/session")?.customTime).toBe("2026-12-02T00:00:00.000Z");
  });
});

describe("a read from Cloud Storage", () => {
  beforeEach(() => gcs.store.create(name, bytes, facts));

  it.each([
    ["cut off", { kind: "cut-body", afterBytes: 30_000 }],
    ["changed by a bit", { kind: "flip-bit" }],
    ["reset", { kind: "reset-before" }],
    ["refused with 503", { kind: "status", status: 503 }],
  ] as const)("that is %s is made again", async (_what, fault) => {
    gcs.fake.faults.add(fault, download, 2);
    expect((await gcs.store.read(name))?.bytes.equals(bytes)).toBe(true);
  });

  it("that stays wrong is given up, and somebody hears of it", async () => {
    const store = openStoreOf(gcs, { deadlineMs: 200 });
    gcs.fake.faults.add({ kind: "flip-bit" }, download, 10_000);
    expect(await faultOf(store.read(name))).toMatchObject({ kind: "unavailable", code: "busy", report: true });
  });

  it("of more than may be in memory is refused before a byte of it is asked for", async () => {
    const store = createGcsObjectStore(gcs.bucket, { clock: systemClock, maxBytes: 69_999 });
    expect(await faultOf(store.read(name))).toMatchObject({ code: "object_too_large" });
    expect(gcs.fake.requests.filter(({ query }) => query.alt === "media")).toEqual([]);
  });

  it("sees one generation: facts and bytes of the same object, whatever happens in between", async () => {
    gcs.fake.faults.add({ kind: "delay", ms: 100 }, download);
    const reading = gcs.store.read(name);
    await expect.poll(() => gcs.fake.requests.some(({ query }) => query.alt === "media")).toBe(true);
    await gcs.store.delete(name);
    await gcs.store.create(name, bytes, { contentType: "text/plain", attributes: {} });
    expect(await reading).toEqual({ contentType: "text/plain", attributes: {}, bytes });
  });

  it("says nothing is there only of an object, never of a bucket that is missing", async () => {
    gcs.fake.buckets.clear();
    for (const work of [
      gcs.store.read(name),
      gcs.store.stat(name),
      gcs.store.delete(name),
      gcs.store.create(name, bytes, facts),
    ])
      expect(await faultOf(work)).toMatchObject({ kind: "unavailable", report: true });
  });

  it("of a service that is not there is trouble that passes", async () => {
    await gcs.close();
    const store = openStoreOf(gcs, { deadlineMs: 100 });
    expect(await faultOf(store.read(name))).toMatchObject({ kind: "unavailable", code: "busy", report: false });
  });
});

describe("deleting and listing in Cloud Storage", () => {
  it("deletes once, however many try", async () => {
    await gcs.store.create(name, bytes, facts);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => gcs.store.delete(name)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it("counts a deletion whose reply was lost, and none that was refused", async () => {
    await gcs.store.create(name, bytes, facts);
    gcs.fake.faults.add({ kind: "reset-after" }, deletion);
    expect(await gcs.store.delete(name)).toBe(true);
    gcs.fake.faults.add({ kind: "status", status: 503 }, deletion);
    expect(await gcs.store.delete(name)).toBe(false);
  });

  it("lists over many pages, some of them asked for twice", async () => {
    const store = createGcsObjectStore(gcs.bucket, { clock: systemClock, patience: impatient, pageSize: 7 });
    const names = Array.from({ length: 40 }, (_, n) => `shops/list/photos/pht_${String(n).padStart(2, "0")}`);
    await Promise.all(names.map((each) => store.create(each, Buffer.from(each), facts)));
    await store.create("shops/list-2/photos/pht_1", bytes, facts);
    gcs.fake.faults.add({ kind: "status", status: 503 }, { path: /\/o$/, method: "GET" }, 2);
    gcs.fake.faults.add({ kind: "cut-body", afterBytes: 20 }, { path: /\/o$/, method: "GET" });
    const listed: string[] = [];
    for await (const each of store.list("shops/list/")) listed.push(each);
    expect(listed.sort()).toEqual(names);
  });

  it("puts off the last day of an object, forward only and once a day", async () => {
    const clock = stoppedClock(Date.parse("2026-11-24T10:00:00Z"));
    const store = createGcsObjectStore(gcs.bucket, { clock, patience: impatient });
    await store.create(name, bytes, { ...facts, keepUntilMs: clock.atMs });
    const inDays = (days: number) => store.keepUntil(name, clock.atMs + days * 86_400_000);
    expect(await inDays(180)).toBe(true);
    expect(await inDays(180.2)).toBe(true);
    expect(await inDays(7)).toBe(true);
    expect([stored()?.customTime, tries("PATCH")]).toEqual(["2027-05-24T00:00:00.000Z", 1]);
    expect(await store.keepUntil("shops/a/absent", 1)).toBe(false);
  });
});

function openStoreOf({ fake }: FakeGcs, patience: Partial<typeof impatient> = {}): ObjectStore {
  const bucket = openCloudStorage({ projectId: "p", bucket: fakeBucket, apiEndpoint: fake.url });
  return createGcsObjectStore(bucket, { clock: systemClock, patience: { ...impatient, ...patience } });
}
