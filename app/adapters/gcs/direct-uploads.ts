import { Readable } from "node:stream";
import { CRC32C, type Bucket, type File, type FileMetadata } from "@google-cloud/storage";
import type { Clock } from "#app/kernel/clock.ts";
import type { ArrivedUpload, DirectUploads, OfferedUpload, UploadPlace } from "#app/photos/direct-uploads.ts";
import { uploadsPrefix } from "./bucket-rules.ts";
import { listObjects, type Listed } from "./list-objects.ts";
import { openMedia } from "./media-stream.ts";
import { refuseOddName } from "./object-name.ts";
import { isAbsent, PassingTrouble, patiently, storageTrouble, usualPatience, type Patience } from "./patience.ts";
import { createStorageWatch, type StorageWatch } from "./storage-watch.ts";

/**
 * Browsers' own uploads into Cloud Storage, by signed forms (V4 POST policies): one name, one length, one type, ten
 * minutes. The names start apart from everything that is kept, so that the bucket can have a shorter rule for them.
 */
export type GcsDirectUploadsOptions = {
  clock: Clock;
  patience?: Partial<Patience>;
  /** Shared with the stores of the same service. */
  watch?: StorageWatch;
};

type Uploads = { bucket: Bucket; clock: Clock; patience: Patience; watch: StorageWatch };

/** How long a browser may begin to send, and how long what it sent may wait for us, milliseconds. */
const offeredForMs = 10 * 60_000;
const keptForMs = 60 * 60_000;
/** For the way of fifty megabytes from the bucket to us. */
const downloadMs = 60_000;

export function createGcsDirectUploads(bucket: Bucket, options: GcsDirectUploadsOptions): DirectUploads {
  const { clock, watch = createStorageWatch() } = options;
  const uploads: Uploads = { bucket, clock, watch, patience: { ...usualPatience, ...options.patience } };
  return Object.freeze({
    offer: async (place, file) => offer(uploads, bucket.file(nameOf(place)), file),
    take: async (place) => take(uploads, nameOf(place)),
    discard: async (place) => void (await remove(uploads, nameOf(place))),
    async forget(shop, owners) {
      const folders = owners === "everybody" ? [""] : owners.map((owner) => `${segmentOf(owner)}/`);
      const prefixes = folders.map((folder) => `${uploadsPrefix}${shop}/${folder}`);
      const counts = await Promise.all(prefixes.map((prefix) => removeAll(uploads, prefix, () => true)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    sweep: async () => removeAll(uploads, uploadsPrefix, (listed) => isTooOld(uploads, listed)),
  } satisfies DirectUploads);
}

function nameOf({ shop, owner, photoId }: UploadPlace): string {
  const name = `${uploadsPrefix}${shop}/${segmentOf(owner)}/${photoId}`;
  refuseOddName(name);
  return name;
}

/** `c:7` and `s:ses_…` without the colon, which is no letter of a name. */
const segmentOf = (owner: string): string => owner.replace(":", "-");

async function offer(
  { bucket, clock, patience }: Uploads,
  file: File,
  { bytes, contentType }: { bytes: number; contentType: string },
): Promise<OfferedUpload> {
  const expiresAtMs = clock.nowMs() + offeredForMs;
  const sign = () =>
    file.generateSignedPostPolicyV4({
      expires: expiresAtMs,
      conditions: [["content-length-range", bytes, bytes]],
      fields: { "content-type": contentType },
    });
  // Signing is no call of storage, and no sign that it lives.
  const [{ fields }] = await patiently(sign, { clock, patience });
  // The SDK names the bucket in the address of Google's own service only.
  return { url: `${bucket.storage.apiEndpoint}/${bucket.name}/`, fields, expiresAtMs };
}

async function take(uploads: Uploads, name: string): Promise<ArrivedUpload | undefined> {
  const { bucket } = uploads;
  const described = await patiently(async () => {
    const answer = await bucket.file(name).getMetadata().catch(orAbsent);
    return answer?.[0];
  }, uploads);
  if (described === undefined || isTooOld(uploads, described)) return undefined;
  const file = bucket.file(name, { generation: Number(described.generation) });
  const body = Readable.toWeb(Readable.from(checkedBytes(file, described, uploads), { objectMode: false }));
  return { body: body as ReadableStream<Uint8Array>, bytes: Number(described.size) };
}

/** @throws AppError `busy` from the stream, at the latest in the place of its end */
async function* checkedBytes(
  file: File,
  { size, crc32c }: FileMetadata,
  { clock, watch, patience }: Uploads,
): AsyncGenerator<Buffer> {
  const sum = new CRC32C();
  let bytes = 0;
  const stream = openMedia(file, { deadlineMs: downloadMs });
  // A download that flows may take its time; one that stands still is not waited for.
  const standsStill = () => void stream.destroy(new PassingTrouble("an upload stopped on its way from storage"));
  let timer = setTimeout(standsStill, patience.deadlineMs);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      watch.heard();
      sum.update(chunk);
      bytes += chunk.length;
      yield chunk;
      timer = setTimeout(standsStill, patience.deadlineMs);
    }
    if (bytes !== Number(size) || sum.toString() !== crc32c)
      throw new PassingTrouble("an upload came from storage with another sum");
  } catch (error) {
    // Sent once more, or received by a twin of this request, since it was described.
    throw storageTrouble(isAbsent(error) ? new PassingTrouble("an upload went while it was read") : error, clock);
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}

function isTooOld({ clock }: Uploads, { timeCreated }: Pick<FileMetadata, "timeCreated">): boolean {
  return clock.nowMs() - Date.parse(timeCreated ?? "") > keptForMs;
}

/** @returns false where there was nothing */
async function remove({ bucket, ...rest }: Uploads, name: string): Promise<boolean> {
  const answer = await patiently(() => bucket.file(name).delete().catch(orAbsent), rest);
  return answer !== undefined;
}

async function removeAll(uploads: Uploads, prefix: string, isWanted: (listed: Listed) => boolean): Promise<number> {
  let removed = 0;
  for await (const listed of listObjects(uploads, prefix))
    if (isWanted(listed) && (await remove(uploads, listed.name))) removed += 1;
  return removed;
}

function orAbsent(error: unknown): undefined {
  if (isAbsent(error)) return undefined;
  throw error;
}
