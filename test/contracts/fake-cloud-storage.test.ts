import type { Storage } from "@google-cloud/storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  bucketProblems,
  previewBucketRules,
  previewReaders,
  privateBucketRules,
} from "#app/adapters/gcs/bucket-rules.ts";
import { openCloudStorage } from "#app/adapters/gcs/open-cloud-storage.ts";
import { startFakeCloudStorage, type FakeCloudStorage } from "#test/google/fake-cloud-storage/fake-cloud-storage.ts";

/** The fake against the SDK that it stands in for. Nothing here was ever run against the real service. */
const bytes = Buffer.from(Array.from({ length: 1_500_000 }, (_, n) => (n * 7) % 256));

let fake: FakeCloudStorage;
let storage: Storage;
beforeAll(async () => {
  fake = await startFakeCloudStorage({ buckets: { photos: {}, previews: {} } });
  ({ storage } = openCloudStorage({
    projectId: "p",
    bucket: "photos",
    apiEndpoint: fake.url,
    credentials: fake.credentials,
  }));
});
afterAll(() => fake.close());

describe("buckets of the fake", () => {
  it("are made, described and changed under a precondition", async () => {
    const [bucket] = await storage.createBucket("made-here", { location: "EU" });
    await expect(storage.createBucket("made-here")).rejects.toMatchObject({ code: 409 });
    const [before] = await bucket.getMetadata();
    expect(bucketProblems(privateBucketRules, before)).toHaveLength(5);
    await bucket.setMetadata(privateBucketRules, { ifMetagenerationMatch: before.metageneration ?? 0 });
    const [after] = await bucket.getMetadata();
    expect(bucketProblems(privateBucketRules, after)).toEqual([]);
    const stale = bucket.setMetadata(
      { versioning: { enabled: true } },
      { ifMetagenerationMatch: before.metageneration ?? 0 },
    );
    await expect(stale).rejects.toMatchObject({ code: 412 });
    await bucket.delete();
    await expect(bucket.getMetadata()).rejects.toMatchObject({ code: 404 });
  });

  it("keep what was deleted for a week unless they are told not to", async () => {
    const [kept] = await storage.createBucket("kept-a-week");
    await kept.file("x").save("x", { resumable: false });
    await kept.file("x").delete();
    expect((await kept.getFiles({ softDeleted: true }))[0]).toHaveLength(1);
    const [gone] = await storage.createBucket("gone-at-once", { softDeletePolicy: { retentionDurationSeconds: 0 } });
    await gone.file("x").save("x", { resumable: false });
    await gone.file("x").delete();
    expect((await gone.getFiles({ softDeleted: true }))[0]).toHaveLength(0);
  });
});

describe("objects of the fake", () => {
  it.each([
    ["in one body", { resumable: false }],
    ["in a session", { resumable: true }],
    ["in pieces", { resumable: true, chunkSize: 256 * 1024 }],
  ])("come %s and are checked by the SDK", async (_how, how) => {
    const file = storage.bucket("photos").file(`uploaded/${_how.replaceAll(" ", "-")}`);
    await file.save(bytes, {
      ...how,
      validation: "crc32c",
      contentType: "image/png",
      metadata: { metadata: { a: "ü" } },
    });
    const [downloaded] = await file.download({ validation: "crc32c" });
    expect(downloaded.equals(bytes)).toBe(true);
    const [metadata] = await file.getMetadata();
    expect(metadata).toMatchObject({ contentType: "image/png", size: "1500000", metadata: { a: "ü" } });
    await expect(file.save("x", { ...how, preconditionOpts: { ifGenerationMatch: 0 } })).rejects.toMatchObject({
      code: 412,
    });
  });

  it("are read in part, copied, described anew and listed", async () => {
    const bucket = storage.bucket("photos");
    const file = bucket.file("one/a b?.jpg");
    await file.save(bytes, {
      resumable: false,
      metadata: { cacheControl: "no-store", customTime: "2026-11-24T00:00:00.000Z" },
    });
    const [part] = await file.download({ start: 10, end: 19 });
    expect(part.equals(bytes.subarray(10, 20))).toBe(true);
    const [copy] = await file.copy(bucket.file("two/copy"));
    const [copied] = await copy.getMetadata();
    expect(copied).toMatchObject({ cacheControl: "no-store", customTime: "2026-11-24T00:00:00.000Z" });
    await copy.setMetadata({ customTime: "2027-01-01T00:00:00.000Z" });
    await expect(copy.setMetadata({ customTime: "2026-12-01T00:00:00.000Z" })).rejects.toMatchObject({ code: 400 });
    const [page, next] = await bucket.getFiles({ prefix: "uploaded/", maxResults: 2, autoPaginate: false });
    expect([page.length, next]).toEqual([2, expect.objectContaining({ pageToken: expect.any(String) })]);
    const [all] = await bucket.getFiles({ prefix: "uploaded/" });
    expect(all.map(({ name }) => name)).toHaveLength(3);
  });

  it("are told by the lifecycle rules when they would go, and stay", async () => {
    const bucket = fake.createBucket("dated", { lifecycle: privateBucketRules.lifecycle });
    await storage.bucket("dated").file("uploads/x").save("x", { resumable: false });
    const dated = { resumable: false, metadata: { customTime: "2030-01-01T00:00:00.000Z" } };
    await storage.bucket("dated").file("shops/x").save("x", dated);
    expect(bucket.wouldBeDeletedAt(Date.now())).toEqual([]);
    expect(bucket.wouldBeDeletedAt(Date.now() + 86_400_000)).toEqual(["uploads/x"]);
    expect(bucket.wouldBeDeletedAt(Date.parse("2030-01-08T00:00:00Z"))).toEqual(["shops/x", "uploads/x"]);
    expect(bucket.objects.size).toBe(2);
  });
});

describe("who may read from the fake", () => {
  const read = (address: string, init?: RequestInit) => fetch(address, init);
  beforeAll(() =>
    storage.bucket("photos").file("shops/a/pic").save("picture", { resumable: false, contentType: "image/jpeg" }),
  );
  const signed = async (expires: number, options = {}) => {
    const file = storage.bucket("photos").file("shops/a/pic");
    return (await file.getSignedUrl({ version: "v4", action: "read", expires, ...options }))[0];
  };

  it("is who has a signed address, and nobody with another one", async () => {
    const address = await signed(Date.now() + 60_000);
    expect([await (await read(address)).text(), (await read(address)).headers.get("content-type")]).toEqual([
      "picture",
      "image/jpeg",
    ]);
    expect((await read(address.replace("shops/a/pic", "shops/a/pi"))).status).toBe(403);
    expect((await read(address.replace("Expires=60", "Expires=61"))).status).toBe(403);
    expect((await read(address, { method: "DELETE" })).status).toBe(405);
    expect((await read(address.split("?")[0] ?? "")).status).toBe(403);
  });

  it("is nobody any more once the time is over", async () => {
    const accessibleAt = new Date(Date.now() - 120_000);
    const refused = await read(await signed(Date.now() + 1_000, { accessibleAt }));
    expect(refused.status).toBe(200);
    const past = await startFakeCloudStorage({
      credentials: fake.credentials,
      nowMs: () => Date.now() + 3_600_000,
      buckets: { photos: {} },
    });
    const late = await read((await signed(Date.now() + 60_000)).replace(fake.url, past.url));
    expect([late.status, await late.text()]).toEqual([400, expect.stringContaining("ExpiredToken")]);
    await past.close();
  });

  it("is everybody where the bucket says so, and no list comes with it", async () => {
    const previews = storage.bucket("previews");
    await previews.file("shops/a/pre").save("preview", { resumable: false });
    expect((await read(`${fake.url}/previews/shops/a/pre`)).status).toBe(403);
    await previews.setMetadata(previewBucketRules);
    await previews.iam.setPolicy({ bindings: [{ ...previewReaders, members: [...previewReaders.members] }] });
    const open = await read(`${fake.url}/previews/shops/a/pre`, { headers: { Origin: "https://a.shop" } });
    expect([await open.text(), open.headers.get("access-control-allow-origin")]).toEqual(["preview", "*"]);
    expect(open.headers.get("cache-control")).toBe("public, max-age=3600");
    expect((await read(`${fake.url}/previews/`)).status).toBe(403);
    expect((await read(`${fake.url}/previews/shops/a/none`)).status).toBe(404);
    await storage.bucket("photos").setMetadata(privateBucketRules);
    const opened = storage
      .bucket("photos")
      .iam.setPolicy({ bindings: [{ role: "roles/storage.objectViewer", members: ["allUsers"] }] });
    await expect(opened).rejects.toMatchObject({ code: 412 });
  });
});

describe("trouble by script", () => {
  it("strikes who it is meant for, as often as it was told to, and is written down", async () => {
    const file = storage.bucket("photos").file("faulty");
    const last = () => fake.requests.at(-1)?.status;
    fake.faults.add({ kind: "wrong-md5" }, { method: "POST" });
    await expect(file.save("x", { resumable: false, validation: "md5" })).rejects.toMatchObject({
      code: "FILE_NO_UPLOAD",
    });
    fake.faults.add({ kind: "status", status: 429, retryAfterSeconds: 7 }, { method: "GET", path: /faulty$/ });
    const refused = await fetch(`${fake.url}/storage/v1/b/photos/o/faulty`);
    expect([refused.status, refused.headers.get("retry-after"), last()]).toEqual([429, "7", 429]);
    fake.faults.add({ kind: "reset-after" }, { method: "POST" });
    await expect(file.save("y", { resumable: false })).rejects.toThrow();
    expect([last(), fake.buckets.get("photos")?.objects.get("faulty")?.bytes.toString()]).toEqual([0, "y"]);
    fake.faults.add({ kind: "status", status: 500 });
    fake.faults.clear();
    expect((await file.exists())[0]).toBe(true);
  });
});
