import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import sharp, { type Sharp } from "sharp";

/**
 * A cutout service that speaks rembg's HTTP and behaves as it is told: well, slowly, at length, or not at all. It is no
 * model: a good cutout is an oval of the photo. The last answer of a plan is given for ever.
 */
export type FakeCutoutService = {
  url: string;
  /** Every call that came in whole, in order. */
  calls: CutoutCall[];
  /** Bytes of bodies that the other side let us write. */
  sentBytes(): number;
  plan(...answers: ServiceAnswer[]): void;
  close(): Promise<void>;
};

export type CutoutCall = {
  path: string;
  headers: IncomingHttpHeaders;
  fields: Record<string, string>;
  file: Buffer;
  /** Whether the other side hung up before the whole answer was sent. */
  aborted: boolean;
};

export type ServiceAnswer =
  | { kind: "cutout"; afterMs?: number; resize?: { width: number; height: number } }
  | { kind: "opaque" | "empty" | "specks" | "mask" | "truncated png" }
  | { kind: "status"; status: number; location?: string }
  | { kind: "html" }
  | { kind: "reset" }
  | { kind: "silence" }
  | { kind: "cut body" }
  /** A byte at a time. */
  | { kind: "trickle"; everyMs: number }
  /** Sends this many bytes where the other side lets it; says so in the head or does not. */
  | { kind: "flood"; bytes: number; declared: boolean; status?: number };

export async function startFakeCutoutService(): Promise<FakeCutoutService> {
  const calls: CutoutCall[] = [];
  let answers: ServiceAnswer[] = [{ kind: "cutout" }];
  let sent = 0;
  const server = createServer((request, response) => {
    const count = (bytes: number) => void (sent += bytes);
    void take(request, response).catch(() => response.destroy());

    async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
      const call = await callFrom(incoming);
      calls.push(call);
      outgoing.on("close", () => (call.aborted = !outgoing.writableFinished));
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      await give(answer, { call, outgoing, count });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    sentBytes: () => sent,
    plan: (...given) => void (answers = given),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function callFrom(incoming: IncomingMessage): Promise<CutoutCall> {
  const headers = { "Content-Type": incoming.headers["content-type"] ?? "" };
  const form = await new Response(new Uint8Array(await buffer(incoming)), { headers }).formData();
  const fields: Record<string, string> = {};
  let file = Buffer.alloc(0);
  for (const [name, value] of form) {
    if (typeof value === "string") fields[name] = value;
    else if (name === "file") file = Buffer.from(await value.arrayBuffer());
  }
  return { path: incoming.url ?? "", headers: incoming.headers, fields, file, aborted: false };
}

type Giving = { call: CutoutCall; outgoing: ServerResponse; count: (bytes: number) => void };

async function give(answer: ServiceAnswer, { call, outgoing, count }: Giving): Promise<void> {
  const png = { "Content-Type": "image/png" };
  switch (answer.kind) {
    case "cutout":
      await pause(answer.afterMs ?? 0);
      return give200(outgoing, await oval(call.file, answer.resize));
    case "opaque":
    case "empty":
    case "specks":
      return give200(outgoing, await flat(call.file, answer.kind));
    case "mask":
      return give200(outgoing, await sharp(call.file).greyscale().png().toBuffer());
    case "truncated png":
      return give200(outgoing, (await oval(call.file)).subarray(0, -2_000));
    case "status":
      outgoing.writeHead(answer.status, answer.location === undefined ? {} : { Location: answer.location });
      return void outgoing.end("no");
    case "html":
      outgoing.writeHead(200, { "Content-Type": "text/html" });
      return void outgoing.end("<h1>Welcome to nginx!</h1>");
    case "reset":
      return void outgoing.socket?.resetAndDestroy();
    case "silence":
      return;
    case "cut body": {
      const image = await oval(call.file);
      outgoing.writeHead(200, { ...png, "Content-Length": image.length });
      outgoing.write(image.subarray(0, image.length / 2), () => outgoing.destroy());
      return;
    }
    case "trickle":
      return pour(outgoing, {
        chunk: Buffer.alloc(1),
        chunks: 1_000_000,
        everyMs: answer.everyMs,
        status: 200,
        head: png,
        count,
      });
    case "flood": {
      const chunk = Buffer.alloc(100_000);
      const head = answer.declared ? { ...png, "Content-Length": answer.bytes } : png;
      return pour(outgoing, {
        chunk,
        chunks: answer.bytes / chunk.length,
        everyMs: 0,
        status: answer.status ?? 200,
        head,
        count,
      });
    }
  }
}

function give200(outgoing: ServerResponse, image: Buffer): void {
  outgoing.writeHead(200, { "Content-Type": "image/png" });
  outgoing.end(image);
}

type Pouring = {
  chunk: Buffer;
  chunks: number;
  everyMs: number;
  status: number;
  head: Record<string, string | number>;
  count: Giving["count"];
};

/** Writes only as fast as it is read, so that what was sent is what the other side took. */
async function pour(outgoing: ServerResponse, pouring: Pouring): Promise<void> {
  const { chunk, chunks, everyMs, count } = pouring;
  outgoing.writeHead(pouring.status, pouring.head);
  await pipeline(async function* () {
    for (let n = 0; n < chunks; n++) {
      count(chunk.length);
      yield chunk;
      if (everyMs > 0) await pause(everyMs);
    }
  }, outgoing);
}

async function oval(photo: Buffer, resize?: { width: number; height: number }): Promise<Buffer> {
  const { width, height } = resize ?? (await sharp(photo).metadata());
  return withAlpha(sharp(photo).resize(width, height), { width, height }, (x, y) => (x * x + y * y < 0.64 ? 255 : 0));
}

async function flat(photo: Buffer, kind: "opaque" | "empty" | "specks"): Promise<Buffer> {
  const { width, height } = await sharp(photo).metadata();
  const isSpeck = (x: number, y: number) => kind === "specks" && y === -1 && x < -0.9;
  return withAlpha(sharp(photo), { width, height }, (x, y) => (kind === "opaque" || isSpeck(x, y) ? 255 : 0));
}

/** Alpha by place, from -1 to 1 on both axes. */
async function withAlpha(
  picture: Sharp,
  { width, height }: { width: number; height: number },
  alphaAt: (x: number, y: number) => number,
): Promise<Buffer> {
  const { data } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let i = 0; i < width * height; i++) {
    data[i * 4 + 3] = alphaAt(((i % width) / width) * 2 - 1, (Math.floor(i / width) / height) * 2 - 1);
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}
