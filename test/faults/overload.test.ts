import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { PhotoAnswer, UploadAnswer } from "#app/http/storefront-api.ts";
import { createServerDatabase } from "#test/builders/databases.ts";
import { startHouseProcess, type HouseProcess } from "#test/builders/house-processes.ts";
import { largePhoto, paddedTo, sha256, type LargePhoto } from "#test/builders/large-photos.ts";
import { sendRaw, type RawAnswer } from "#test/builders/raw-http.ts";
import { startStorageProcess, storageBuckets, type StorageProcess } from "#test/builders/storage-processes.ts";
import { comeAsShopper, signedQuery, type TestShopper } from "#test/builders/storefront.ts";
import { all, readDockerfile } from "#test/deployment/dockerfile.ts";
import { report, scaled } from "./figures.ts";

/**
 * Twenty photos at once at a house that has 512 MiB: what is let in is kept whole, what is not is told when to come again,
 * and the process stays below 400 MB. The house is a process of its own on a PostgreSQL server and Cloud Storage's fake,
 * with the settings that docs/decisions/023-admission.md gives for so little memory; what it takes is what Linux says.
 */
const crowd = 20;
const mostResidentBytes = 400_000_000;
/** A container's files lie in its memory, so what is spooled counts as well. */
const containerBytes = 512 * 1024 * 1024;
const smallHouse = {
  ...memorySettingsOfImage(),
  MEMORY_LIMIT_MB: "512",
  PAINT_CONCURRENCY: "1",
  NODE_OPTIONS: "--max-old-space-size=192 --max-semi-space-size=4",
};

type Visitor = { shopper: TestShopper; customer: string; address: string };

describe.skipIf(inject("postgresUrl") === null)("R11: twenty large photos at once on 512 MiB", () => {
  const folder = mkdtempSync(join(tmpdir(), "pet-portraits-overload-"));
  const spool = join(folder, "data", "uploads");
  let storage: StorageProcess;
  let house: HouseProcess;
  let photos: LargePhoto[];

  beforeAll(async () => {
    photos = [];
    for (const kind of ["camera", "turned", "progressive", "png", "webp"] as const) photos.push(await largePhoto(kind));
    mkdirSync(spool, { recursive: true });
    storage = await startStorageProcess(folder);
    const DATABASE_URL = await createServerDatabase();
    house = await startHouseProcess({
      ...smallHouse,
      ...storage.environment,
      DATABASE_URL,
      DATA_DIR: join(folder, "data"),
    });
  });
  afterAll(async () => {
    await house.stop();
    storage.stop();
    rmSync(folder, { recursive: true, force: true });
    // A sweep that the storage kept waiting is begun again; it is a process of this machine, with a gigabyte to take in.
    const isMeant = ({ error }: (typeof house.told)[number]) =>
      error !== undefined && error !== "background work failed";
    expect(house.told.filter(isMeant)).toEqual([]);
  });

  /** Twenty people of twenty addresses, come after whatever kept this process busy. */
  async function comeAll(firstCustomer: number): Promise<Visitor[]> {
    const visitors: Visitor[] = [];
    for (let n = 0; n < crowd; n++) {
      const customer = String(firstCustomer + n);
      const address = `198.51.100.${n + 1}`;
      visitors.push({ shopper: await comeAsShopper(house.url, { customer, address }), customer, address });
    }
    return visitors;
  }

  const post = ({ shopper, customer, address }: Visitor, path: string, body: Buffer): Promise<RawAnswer> => {
    const query = signedQuery({ session: shopper.session.session, logged_in_customer_id: customer });
    const headers = { "X-Forwarded-For": address, "Content-Length": String(body.length) };
    return sendRaw(`${house.url}/proxy/${path}?${query}`, { headers, body: piecesOf(body) });
  };
  const received = (visitor: Visitor, photo_id: string) =>
    post(visitor, "photos/received", Buffer.from(JSON.stringify({ photo_id })));

  it("straight into storage, fifty megabytes each", async () => {
    const files = Array.from({ length: crowd }, (_, n) => paddedTo(50_000_000, photos[n % photos.length]!, n));
    const visitors = await comeAll(1_000);
    const ids = await sendAll(storage.url, visitors, files);
    const watch = watchMemory(house, spool);
    const answers = await Promise.all(visitors.map((visitor, n) => received(visitor, ids[n]!)));
    const { letIn, refused } = countAnswers(answers);
    for (const [n, answer] of answers.entries()) if (answer.status === 201) await expectWhole(answer, files[n]!);

    // Who comes again is let in: no photo is one that this house could never take.
    const again = scaled({ short: photos.length, full: crowd });
    for (let n = 0; n < again; n++) {
      while (answers[n]?.status === 503) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        answers[n] = await received(visitors[n]!, ids[n]!);
      }
      await expectWhole(answers[n]!, files[n]!);
    }
    expectBounded(watch.end());
    report(
      "R11",
      `twenty photos of 50 MB at once by way of storage: ${letIn} let in, ${refused} told to come again, 0 others; ` +
        `of the first ${again} every one was kept in the end; ${inMegabytes(watch.end())}`,
    );
  });

  it("through the proxy, twenty megabytes each", async () => {
    const small = photos.filter(({ bytes }) => bytes.length < 19_000_000);
    const files = Array.from({ length: crowd }, (_, n) => paddedTo(20_000_000, small[n % small.length]!, n));
    const visitors = await comeAll(2_000);
    const watch = watchMemory(house, spool);
    const answers = await Promise.all(visitors.map((visitor, n) => post(visitor, "photos", files[n]!)));
    const { letIn, refused } = countAnswers(answers);
    for (const [n, answer] of answers.entries()) {
      if (answer.status === 201) await expectWhole(answer, files[n]!);
      // The rest of its twenty megabytes is not waited for.
      else if (answer.sentBytes < 20_000_000) expect(answer.closes).toBe(true);
    }
    expectBounded(watch.end());
    report(
      "R11",
      `twenty photos of 20 MB at once through the proxy: ${letIn} let in, ${refused} told to come again, 0 others; ` +
        inMegabytes(watch.end()),
    );
  });

  it("and one that would need more memory than there is at any time is refused with what to do about it", async () => {
    const [visitor] = await comeAll(3_000);
    const picture = sharp({ create: { width: 3200, height: 2400, channels: 3, background: "#987" } });
    const answer = await post(visitor!, "photos", await picture.avif({ effort: 0 }).toBuffer());
    expect(answer).toMatchObject({ status: 422, code: "photo_too_large" });
    expect(answer.text).toMatch(/plain JPEG/);
  });

  /** The photo is told by the hash of what was sent, and what is kept of it decodes to its end. */
  async function expectWhole(answer: RawAnswer, file: Buffer): Promise<void> {
    expect([200, 201]).toContain(answer.status);
    const { photo } = JSON.parse(answer.text) as PhotoAnswer;
    expect(photo.sha256).toBe(sha256(file));
    const name = encodeURIComponent(`shops/paws-and-paper.myshopify.com/photos/${photo.id}`);
    const kept = await fetch(`${storage.url}/storage/v1/b/${storageBuckets.private}/o/${name}?alt=media`);
    const picture = sharp(Buffer.from(await kept.arrayBuffer()), { failOn: "warning" });
    expect(await picture.metadata()).toMatchObject({ format: "jpeg", width: photo.width, height: photo.height });
    await picture.stats();
  }

  function expectBounded({ residentBytes, withFilesBytes }: Memory): void {
    expect(residentBytes).toBeLessThan(mostResidentBytes);
    expect(withFilesBytes).toBeLessThan(containerBytes);
    expect(readdirSync(spool)).toEqual([]);
  }
});

/** How the image's memory is handed out and given back: what is measured here is what it takes there. */
function memorySettingsOfImage(): Record<string, string> {
  const dockerfile = readFileSync(new URL("../../Dockerfile", import.meta.url), "utf8");
  const settings = all(readDockerfile(dockerfile).at(-1)!, "ENV").join(" ").split(" ");
  const pairs = settings.filter((setting) => setting.startsWith("MALLOC_")).map((setting) => setting.split("="));
  expect(pairs).toHaveLength(2);
  return Object.fromEntries(pairs) as Record<string, string>;
}

/**
 * Everybody is answered, and with nothing else than these two. Storage that is slow on a slow machine says busy as well;
 * who was let in is told by what those are told who were not.
 */
function countAnswers(answers: RawAnswer[]): { letIn: number; refused: number } {
  for (const { status, code, retryAfter } of answers) {
    expect(["201 ", "503 busy"]).toContain(`${status} ${code ?? ""}`);
    if (status === 503) expect(retryAfter).toBeGreaterThan(0);
  }
  const refused = answers.filter(({ text }) => text.includes("Many photos are arriving")).length;
  expect(answers.length - refused).toBeGreaterThanOrEqual(2);
  expect(refused).toBeGreaterThan(0);
  return { letIn: answers.length - refused, refused };
}

/** Offered, and sent to storage; not yet received. */
async function sendAll(storageUrl: string, visitors: Visitor[], files: Buffer[]): Promise<string[]> {
  const offered = await Promise.all(
    visitors.map(({ shopper }, n) => {
      const body = { bytes: files[n]?.length, content_type: "image/jpeg" };
      return shopper.call<UploadAnswer>("POST", "uploads", { body });
    }),
  );
  for (const [n, { body }] of offered.entries()) {
    const name = encodeURIComponent(body.upload.fields.key ?? "");
    const url = `${storageUrl}/upload/storage/v1/b/${storageBuckets.private}/o?uploadType=media&name=${name}`;
    expect((await sendRaw(url, { body: [files[n]!] })).status).toBe(200);
  }
  return offered.map(({ body }) => body.photo_id);
}

function* piecesOf(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

type Memory = { residentBytes: number; withFilesBytes: number };

function watchMemory({ child }: HouseProcess, spool: string): { end(): Memory } {
  const seen: Memory = { residentBytes: 0, withFilesBytes: 0 };
  const look = () => {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    const bytesOf = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
    seen.residentBytes = Math.max(seen.residentBytes, bytesOf("VmHWM"));
    seen.withFilesBytes = Math.max(seen.withFilesBytes, bytesOf("VmRSS") + filesIn(spool));
  };
  const timer = setInterval(look, 100);
  const end = () => {
    clearInterval(timer);
    look();
    return seen;
  };
  return { end };
}

/** A file may go between the list and the look at it. */
function filesIn(folder: string): number {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

const inMegabytes = ({ residentBytes, withFilesBytes }: Memory): string =>
  `at most ${Math.round(residentBytes / 1e6)} MB resident, ${Math.round(withFilesBytes / 1e6)} MB with the spooled files`;
