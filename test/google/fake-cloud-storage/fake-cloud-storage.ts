import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Bucket, type BucketSettings } from "./buckets.ts";
import { createFaults, type Fault, type Faults } from "./faults.ts";
import { bucketNamed, jsonApi, type Buckets } from "./json-api.ts";
import { signersFrom, type ServiceAccount } from "./signatures.ts";
import { upload, type UploadSessions } from "./uploads.ts";
import { jsonRefusal, StorageRefusal, xmlRefusal, type StorageAnswer, type StorageRequest } from "./wire.ts";
import { xmlApi } from "./xml-api.ts";

/**
 * Cloud Storage in memory, for tests and the preview: the JSON interface with its three uploads, and of the XML interface
 * what a browser needs (signed reads, public reads, signed form uploads, preflights). It was checked against
 * @google-cloud/storage 8.4.0 only and never against the real service: the texts of its errors and its edges are a
 * reading of the documentation. Known to be missing: credentials on the JSON interface (everybody is let in), versions,
 * holds, ACLs, composing, `delimiter` in lists, encryption keys, and the limit of one write a second to a name. Lifecycle
 * rules are stored and can be asked what they would delete (`buckets.get(name).wouldBeDeletedAt(ms)`); nothing deletes.
 */
export type FakeCloudStorage = {
  url: string;
  buckets: Map<string, Bucket>;
  faults: Faults;
  /** Every request, oldest first, with the status that was answered; 0 where the connection was closed instead. */
  requests: SeenRequest[];
  /** May sign addresses and forms; for the SDK's `credentials`. */
  credentials: ServiceAccount;
  /** Makes a bucket as a console would. */
  createBucket(name: string, settings?: BucketSettings): Bucket;
  close(): Promise<void>;
};

export type SeenRequest = {
  method: string;
  path: string;
  query: Record<string, string>;
  bytes: number;
  status: number;
};

export type FakeCloudStorageOptions = {
  /** Any free one where it is not given. */
  port?: number;
  host?: string;
  /** Whose signatures are accepted; an account with a fresh key where it is not given. */
  credentials?: ServiceAccount;
  /** Milliseconds since the epoch; the machine's own clock where it is not given. */
  nowMs?: () => number;
  buckets?: Record<string, BucketSettings>;
};

export async function startFakeCloudStorage(options: FakeCloudStorageOptions = {}): Promise<FakeCloudStorage> {
  const { port = 0, host = "127.0.0.1", nowMs = () => Date.now(), credentials = freshAccount() } = options;
  const buckets: Buckets = new Map();
  const faults = createFaults();
  const requests: SeenRequest[] = [];
  const sessions: UploadSessions = new Map();
  const signers = signersFrom([credentials]);
  const createBucket = (name: string, settings: BucketSettings = {}): Bucket => {
    const bucket = new Bucket(name, settings, nowMs);
    buckets.set(name, bucket);
    return bucket;
  };
  for (const [name, settings] of Object.entries(options.buckets ?? {})) createBucket(name, settings);

  let url = "";
  const handle = (request: StorageRequest): StorageAnswer => {
    if (request.path.startsWith("/storage/v1/")) return jsonApi(buckets, request, nowMs);
    if (request.path.startsWith("/upload/storage/v1/b/")) {
      const bucket = bucketNamed(buckets, request.path.split("/")[5] ?? "");
      return upload({ bucket, sessions, url }, request);
    }
    return xmlApi({ buckets, signers, nowMs: nowMs() }, request);
  };
  const server = createServer((incoming, outgoing) => {
    serve({ incoming, outgoing, faults, requests, handle }).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, buckets, faults, requests, credentials, createBucket, close };
}

export function freshAccount(): ServiceAccount {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const private_key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { client_email: "fake@fake-project.iam.gserviceaccount.com", private_key };
}

type Serving = {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  faults: Faults;
  requests: SeenRequest[];
  handle: (request: StorageRequest) => StorageAnswer;
};

async function serve({ incoming, outgoing, faults, requests, handle }: Serving): Promise<void> {
  const request = await read(incoming);
  const { method, path, body } = request;
  const seen: SeenRequest = { method, path, query: Object.fromEntries(request.query), bytes: body.length, status: 0 };
  requests.push(seen);
  const fault = faults.take(request);
  if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));
  if (fault?.kind === "reset-before") return void outgoing.destroy();
  const answer = answerTo(request, fault, handle);
  if (fault?.kind === "reset-after") return void outgoing.destroy();
  seen.status = answer.status;
  send(outgoing, answer, { isHead: method === "HEAD", cutAfter: fault?.kind === "cut-body" ? fault.afterBytes : null });
}

async function read(incoming: IncomingMessage): Promise<StorageRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? "/", "http://fake");
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "GET",
    path: decodeURIComponent(url.pathname),
    rawPath: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}

function answerTo(request: StorageRequest, fault: Fault | undefined, handle: Serving["handle"]): StorageAnswer {
  const isJson = /^\/(upload\/)?storage\/v1\//.test(request.path);
  try {
    if (fault?.kind === "status") return scripted(fault, isJson);
    const answer = handle(fault?.kind === "garble" ? { ...request, body: withFlippedBit(request.body) } : request);
    if (fault?.kind === "flip-bit") return { ...answer, body: withFlippedBit(answer.body ?? Buffer.alloc(0)) };
    return fault?.kind === "wrong-md5" ? withWrongMd5(answer) : answer;
  } catch (error) {
    const refusal = error instanceof StorageRefusal ? error : new StorageRefusal(400, String(error));
    return isJson ? jsonRefusal(refusal) : xmlRefusal(refusal);
  }
}

function scripted(fault: Extract<Fault, { kind: "status" }>, isJson: boolean): StorageAnswer {
  const refusal = new StorageRefusal(fault.status, fault.message ?? "Scripted trouble.");
  const answer = isJson ? jsonRefusal(refusal) : xmlRefusal(refusal);
  const retry = fault.retryAfterSeconds === undefined ? {} : { "retry-after": String(fault.retryAfterSeconds) };
  return { ...answer, headers: { ...answer.headers, ...retry } };
}

function withFlippedBit(body: Buffer): Buffer {
  const turned = Buffer.from(body);
  const middle = turned.length >> 1;
  if (turned.length > 0) turned[middle] = (turned[middle] ?? 0) ^ 1;
  return turned;
}

function withWrongMd5(answer: StorageAnswer): StorageAnswer {
  const wrong = Buffer.alloc(16).toString("base64");
  const body = Buffer.from(
    (answer.body ?? Buffer.alloc(0)).toString("latin1").replace(/"md5Hash":"[^"]*"/, `"md5Hash":"${wrong}"`),
    "latin1",
  );
  const hash = (answer.headers ?? {})["x-goog-hash"]?.replace(/md5=[^,]*/, `md5=${wrong}`);
  return { ...answer, body, headers: { ...answer.headers, ...(hash === undefined ? {} : { "x-goog-hash": hash }) } };
}

function send(
  outgoing: ServerResponse,
  { status, headers = {}, body = Buffer.alloc(0) }: StorageAnswer,
  { isHead, cutAfter }: { isHead: boolean; cutAfter: number | null },
): void {
  outgoing.writeHead(status, { ...headers, "content-length": body.length });
  if (isHead || cutAfter === null) return void outgoing.end(isHead ? undefined : body);
  outgoing.write(body.subarray(0, cutAfter), () => outgoing.destroy());
}
