import type { StoredObject } from "./buckets.ts";
import { StorageRefusal, type StorageAnswer } from "./wire.ts";

/** The bytes of an object, or the part that was asked for, with the headers that a download is checked by. */
export function mediaAnswer(object: StoredObject, range: string | undefined): StorageAnswer {
  const { bytes, crc32c, md5Hash, generation, metageneration } = object;
  const headers: Record<string, string> = {
    "content-type": object.contentType ?? "application/octet-stream",
    "cache-control": object.cacheControl ?? "private, max-age=0",
    etag: `"${Buffer.from(md5Hash, "base64").toString("hex")}"`,
    "last-modified": new Date(object.updated).toUTCString(),
    "accept-ranges": "bytes",
    "x-goog-generation": String(generation),
    "x-goog-metageneration": String(metageneration),
    "x-goog-hash": `crc32c=${crc32c},md5=${md5Hash}`,
    "x-goog-stored-content-length": String(bytes.length),
    "x-goog-stored-content-encoding": object.contentEncoding ?? "identity",
  };
  if (range === undefined) return { status: 200, headers, body: bytes };
  const [from, to] = partOf(range, bytes.length);
  const part = { ...headers, "content-range": `bytes ${from}-${to}/${bytes.length}` };
  return { status: 206, headers: part, body: bytes.subarray(from, to + 1) };
}

function partOf(range: string, size: number): [number, number] {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  if (from >= size || from > to) throw new StorageRefusal(416, "The requested range cannot be satisfied.");
  return [from, to];
}
