import { randomUUID } from "node:crypto";
import type { Bucket, WritableMetadata } from "./buckets.ts";
import { objectResource } from "./json-api.ts";
import { jsonAnswer, StorageRefusal, type StorageAnswer, type StorageRequest } from "./wire.ts";

/** The three ways in which an SDK sends an object: bytes alone, facts and bytes in one body, or piece by piece. */
type Session = {
  bucket: Bucket;
  name: string;
  metadata: WritableMetadata;
  query: URLSearchParams;
  received: Buffer;
  contentType: string;
};
export type UploadSessions = Map<string, Session>;

export function upload(
  { bucket, sessions, url }: { bucket: Bucket; sessions: UploadSessions; url: string },
  request: StorageRequest,
): StorageAnswer {
  const { query, headers, body } = request;
  const id = query.get("upload_id");
  if (id !== null) return takePiece(sessions, id, request);
  const type = query.get("uploadType");
  if (type === "multipart") {
    const { metadata, media, mediaType } = relatedParts(body, headers["content-type"] ?? "");
    const name = query.get("name") ?? (metadata as { name?: string }).name ?? "";
    return stored(bucket, name, media, { ...metadata, contentType: metadata.contentType ?? mediaType }, query);
  }
  if (type === "media") {
    const contentType = headers["content-type"] ?? "application/octet-stream";
    return stored(bucket, query.get("name") ?? "", body, { contentType }, query);
  }
  if (type !== "resumable") throw new StorageRefusal(400, `Unknown upload type: ${type}`);
  return openSession({ bucket, sessions, url }, request);
}

function openSession(
  { bucket, sessions, url }: { bucket: Bucket; sessions: UploadSessions; url: string },
  { query, headers, body, rawPath }: StorageRequest,
): StorageAnswer {
  const metadata = body.length === 0 ? {} : (JSON.parse(body.toString()) as WritableMetadata & { name?: string });
  const id = randomUUID();
  const contentType = metadata.contentType ?? headers["x-upload-content-type"] ?? "application/octet-stream";
  const name = query.get("name") ?? (metadata as { name?: string }).name ?? "";
  sessions.set(id, { bucket, name, metadata, query, received: Buffer.alloc(0), contentType });
  const location = `${url}${rawPath}?uploadType=resumable&name=${encodeURIComponent(name)}&upload_id=${id}`;
  return { status: 200, headers: { location, "x-guploader-uploadid": id } };
}

/** `bytes 0-99/300`, `bytes 0-99/*`, `bytes 0-*` + `/*` for all there is, `bytes *` + `/300` to ask how much has come. */
function takePiece(sessions: UploadSessions, id: string, { method, headers, body }: StorageRequest): StorageAnswer {
  const session = sessions.get(id);
  if (session === undefined) throw new StorageRefusal(410, "The upload session is gone.");
  if (method === "DELETE") return (sessions.delete(id), { status: 499 });
  const range = headers["content-range"] ?? "";
  const [, first = "0", last = "*", total = "*"] = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(range) ?? [];
  const isQuestion = range.startsWith("bytes */");
  if (!isQuestion) {
    if (Number(first) > session.received.length) throw new StorageRefusal(503, "A piece is missing before this one.");
    session.received = Buffer.concat([session.received.subarray(0, Number(first)), body]);
  }
  const isWhole = total === "*" ? last === "*" && !isQuestion : session.received.length === Number(total);
  if (!isWhole) {
    const got = session.received.length === 0 ? {} : { range: `bytes=0-${session.received.length - 1}` };
    return { status: 308, headers: { ...got, "x-http-status-code-override": "308" } };
  }
  const { bucket, name, metadata, contentType, query } = session;
  const answer = stored(bucket, name, session.received, { ...metadata, contentType }, query);
  sessions.delete(id);
  return answer;
}

function stored(
  bucket: Bucket,
  name: string,
  bytes: Buffer,
  metadata: WritableMetadata,
  query: URLSearchParams,
): StorageAnswer {
  const { name: _name, ...facts } = metadata as WritableMetadata & { name?: string };
  const object = bucket.put(name, bytes, facts, {
    ifGenerationMatch: query.get("ifGenerationMatch"),
    ifMetagenerationMatch: query.get("ifMetagenerationMatch"),
  });
  return jsonAnswer(objectResource(bucket.name, object));
}

/** `multipart/related` with a part of JSON and a part of bytes. */
function relatedParts(
  body: Buffer,
  contentType: string,
): { metadata: WritableMetadata; media: Buffer; mediaType: string } {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw new StorageRefusal(400, "A multipart body needs a boundary.");
  const parts = splitParts(body, boundary);
  const [first, second] = parts;
  if (first === undefined || second === undefined) throw new StorageRefusal(400, "A multipart upload has two parts.");
  return {
    metadata: JSON.parse(first.content.toString()) as WritableMetadata,
    media: second.content,
    mediaType: second.headers["content-type"] ?? "application/octet-stream",
  };
}

export type Part = { headers: Record<string, string>; content: Buffer };

/** The parts of any multipart body: between the boundaries, head and content apart. */
export function splitParts(body: Buffer, boundary: string): Part[] {
  const fence = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  for (let at = body.indexOf(fence); at !== -1;) {
    const from = at + fence.length;
    const next = body.indexOf(fence, from);
    if (next === -1) break;
    // Between the line end after a fence and the one before the next.
    const piece = body.subarray(from + 2, next - 2);
    const head = piece.indexOf("\r\n\r\n");
    parts.push({ headers: headersOf(piece.subarray(0, Math.max(0, head))), content: piece.subarray(head + 4) });
    at = next;
  }
  return parts;
}

function headersOf(head: Buffer): Record<string, string> {
  const lines = head
    .toString()
    .split("\r\n")
    .filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
}
