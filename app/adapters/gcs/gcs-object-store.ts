import { randomUUID } from "node:crypto";
import { CRC32C, type Bucket, type FileMetadata } from "@google-cloud/storage";
import type { DatedFacts, ObjectStore, StoredObject } from "#app/gallery/object-store.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { AppError } from "#app/kernel/errors.ts";
import { endOfDay, factsFrom, isWrittenBy, metadataFrom } from "./object-facts.ts";
import { listObjects } from "./list-objects.ts";
import { openMedia } from "./media-stream.ts";
import { refuseOddName, refuseOddPrefix } from "./object-name.ts";
import { isAbsent, PassingTrouble, patiently, statusOf, usualPatience, type Patience } from "./patience.ts";
import { createStorageWatch, type StorageWatch } from "./storage-watch.ts";

/**
 * Objects in Cloud Storage. Every write says that there must be nothing yet, so the service itself decides who was first;
 * every read names the generation that it has seen described and counts and sums what it gets.
 */
export type GcsObjectStoreOptions = {
  clock: Clock;
  /** Largest object that is read whole, bytes. */
  maxBytes?: number;
  /** What browsers that read an object by a signed address may do with it. */
  cacheControl?: string;
  /** How long the bucket's rules must leave an object alone that says nothing of its end, milliseconds. */
  keepMs?: number;
  patience?: Partial<Patience>;
  /** Shared by all stores of one service; the store's own where it is not given. */
  watch?: StorageWatch;
  /** Names asked for at a time when listing. */
  pageSize?: number;
};

type Store = Required<Omit<GcsObjectStoreOptions, "patience">> & { bucket: Bucket; patience: Patience };

const dayMs = 24 * 60 * 60 * 1000;

/** @throws AppError `busy` from every verb when the service does not answer within the deadline */
export function createGcsObjectStore(bucket: Bucket, options: GcsObjectStoreOptions): ObjectStore {
  const store: Store = {
    bucket,
    maxBytes: 50_000_000,
    cacheControl: "private, max-age=3600",
    keepMs: 180 * dayMs,
    pageSize: 1000,
    watch: createStorageWatch(),
    ...options,
    patience: { ...usualPatience, ...options.patience },
  };
  return Object.freeze({
    create: async (name, bytes, facts) => create(store, name, bytes, facts),
    read: async (name) => (refuseOddName(name), patiently(() => read(store, name), store)),
    async stat(name) {
      refuseOddName(name);
      const described = await patiently(() => describe(store, name), store);
      return described === undefined ? undefined : factsFrom(described);
    },
    delete: async (name) => remove(store, name),
    list: (prefix) => list(store, prefix),
    keepUntil: async (name, atMs) => (refuseOddName(name), patiently(() => keepUntil(store, name, atMs), store)),
  } satisfies ObjectStore);
}

async function create(store: Store, name: string, bytes: Buffer, facts: DatedFacts): Promise<"created" | "exists"> {
  refuseOddName(name);
  const { bucket, clock, cacheControl, keepMs } = store;
  const write = { writer: randomUUID(), crc32c: sumOf([bytes]) };
  const metadata = {
    contentType: facts.contentType,
    cacheControl,
    customTime: endOfDay(facts.keepUntilMs ?? clock.nowMs() + keepMs).toISOString(),
    metadata: metadataFrom(facts.attributes, write.writer),
    // With the sum beside the bytes the service refuses what changed on the way, before there is an object.
    crc32c: write.crc32c,
  };
  return patiently(async () => {
    try {
      await bucket.file(name).save(bytes, {
        resumable: false,
        validation: false,
        preconditionOpts: { ifGenerationMatch: 0 },
        metadata: { ...metadata },
      });
      return "created";
    } catch (error) {
      if (wasGarbled(error)) throw new PassingTrouble(`${name} was changed on its way`, { report: true });
      if (statusOf(error) !== 412) throw error;
      return whoseIsIt(store, name, write);
    }
  }, store);
}

/** Of all that the service can find wrong with a write, only this may go well the next time. */
const wasGarbled = (error: unknown): boolean => statusOf(error) === 400 && /crc32c|md5/i.test((error as Error).message);

/** A name that is taken may be taken by ourselves: of a write whose reply was lost we hear only that it cannot be repeated. */
async function whoseIsIt(
  store: Store,
  name: string,
  write: { writer: string; crc32c: string },
): Promise<"created" | "exists"> {
  const described = await describe(store, name);
  if (described === undefined) throw new PassingTrouble("the object was there and is gone");
  return isWrittenBy(described, write) ? "created" : "exists";
}

async function read(store: Store, name: string): Promise<StoredObject | undefined> {
  const described = await describe(store, name);
  if (described === undefined) return undefined;
  const size = Number(described.size);
  if (size > store.maxBytes) throw tooLargeToRead(name, size);
  const bytes = await download(store, name, described);
  return { ...factsFrom(described), bytes };
}

/** @throws PassingTrouble for more bytes than were described, or other ones */
async function download(
  { bucket, patience, watch }: Store,
  name: string,
  { generation, size, crc32c }: FileMetadata,
): Promise<Buffer> {
  const { deadlineMs, busyMs = deadlineMs } = patience;
  const stream = openMedia(bucket.file(name, { generation: Number(generation) }), { deadlineMs: busyMs });
  const chunks: Buffer[] = [];
  let left = Number(size);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      watch.heard();
      left -= chunk.length;
      if (left < 0) throw new PassingTrouble(`more of ${name} came than there is`, { report: true });
      chunks.push(chunk);
    }
  } catch (error) {
    // Deleted since it was described, and perhaps written anew: another look tells.
    throw isAbsent(error) ? new PassingTrouble(`${name} went while it was read`) : error;
  } finally {
    stream.destroy();
  }
  if (sumOf(chunks) !== crc32c) throw new PassingTrouble(`${name} came with another sum`, { report: true });
  return Buffer.concat(chunks);
}

async function describe({ bucket }: Store, name: string): Promise<FileMetadata | undefined> {
  try {
    const [metadata] = await bucket.file(name).getMetadata();
    return metadata;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Where the reply to a first try was lost, an object that is gone now went by that try. */
async function remove(store: Store, name: string): Promise<boolean> {
  refuseOddName(name);
  let replyWasLost = false;
  return patiently(async () => {
    try {
      await store.bucket.file(name).delete();
      return true;
    } catch (error) {
      if (isAbsent(error)) return replyWasLost;
      replyWasLost ||= statusOf(error) === undefined;
      throw error;
    }
  }, store);
}

async function* list(store: Store, prefix: string): AsyncIterable<string> {
  refuseOddPrefix(prefix);
  for await (const { name } of listObjects(store, prefix, store.pageSize)) yield name;
}

async function keepUntil(store: Store, name: string, atMs: number): Promise<boolean> {
  const described = await describe(store, name);
  if (described === undefined) return false;
  const customTime = endOfDay(atMs);
  if (described.customTime !== undefined && Date.parse(described.customTime) >= customTime.getTime()) return true;
  const { metageneration } = described;
  try {
    const seen = { ifMetagenerationMatch: Number(metageneration) };
    await store.bucket.file(name).setMetadata({ customTime: customTime.toISOString() }, seen);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw statusOf(error) === 412 ? new PassingTrouble(`${name} was dated by somebody else`) : error;
  }
}

function sumOf(chunks: readonly Buffer[]): string {
  const sum = new CRC32C();
  for (const chunk of chunks) sum.update(chunk);
  return sum.toString();
}

const tooLargeToRead = (name: string, size: number): AppError =>
  new AppError({
    code: "object_too_large",
    kind: "bug",
    publicMessage: "This picture is too large to be shown.",
    message: `${name} has ${size} bytes, more than are read whole`,
  });
