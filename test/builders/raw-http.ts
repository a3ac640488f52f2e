import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";

/** Requests as no browser sends them: lengths that lie, bodies that never end, senders that go away. */
export type RawAnswer = {
  status: number;
  code: string | undefined;
  text: string;
  sentBytes: number;
  closes: boolean;
  /** Seconds after which to come again. */
  retryAfter: number | undefined;
};

export type RawRequest = {
  method?: string;
  headers?: Record<string, string>;
  /** Sent in chunks while the other side takes them; stops when an answer has come. */
  body?: Iterable<Buffer>;
};

export function sendRaw(
  url: string,
  { method = "POST", headers = {}, body = [] }: RawRequest = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    let answered = false;
    const outgoing = httpRequest(url, { method, headers, agent: false }, (incoming) => {
      answered = true;
      answerFrom(incoming, () => sentBytes)
        .then(resolve, reject)
        .finally(() => outgoing.destroy());
    });
    // The other side may hang up on a body that it refused; what counts is the answer that came before.
    outgoing.on("error", (error) => (answered ? undefined : reject(error)));
    const pieces = body[Symbol.iterator]();
    const pump = (): void => {
      for (;;) {
        const { done, value } = pieces.next();
        if (answered || outgoing.destroyed) return;
        if (done === true) return void outgoing.end();
        sentBytes += value.length;
        if (!outgoing.write(value)) return void outgoing.once("drain", pump);
      }
    };
    pump();
  });
}

async function answerFrom(incoming: IncomingMessage, sentBytes: () => number): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { connection, "retry-after": after } = incoming.headers;
  return {
    status: incoming.statusCode ?? 0,
    code: codeIn(text),
    text,
    sentBytes: sentBytes(),
    closes: connection === "close",
    retryAfter: after === undefined ? undefined : Number(after),
  };
}

function codeIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code;
  } catch {
    return undefined;
  }
}

/** Writes bytes to a socket and returns whatever comes back until it is closed, or hangs up itself after `hangUpAfterMs`. */
export function talk(
  url: string,
  text: string | Buffer,
  { hangUpAfterMs }: { hangUpAfterMs?: number } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let heard = "";
    socket.on("data", (chunk) => (heard += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(heard));
    if (hangUpAfterMs !== undefined) setTimeout(() => socket.resetAndDestroy(), hangUpAfterMs);
  });
}

export function* megabytes(count: number, first = Buffer.alloc(0)): Iterable<Buffer> {
  yield first;
  for (let n = 0; n < count * 16; n++) yield Buffer.alloc(65_536, n);
}

/** A request whose body is sent by hand, so that it can be slow, stop in the middle or never end. */
export type OpenRequest = {
  /** Resolves when the bytes are on their way, all but what a connection's buffers hold. */
  send(bytes: Buffer): Promise<void>;
  end(): void;
  /** Goes away without a word. */
  vanish(): void;
  answer: Promise<RawAnswer>;
};

/** @param headers - without a Content-Length the body goes in chunks */
export function openRequest(url: string, headers: Record<string, string> = {}): OpenRequest {
  const outgoing = httpRequest(url, { method: "POST", headers, agent: false });
  let sentBytes = 0;
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => void answerFrom(incoming, () => sentBytes).then(resolve, reject));
  });
  // Whoever vanishes does not wait for an answer.
  answer.catch(() => undefined);
  outgoing.flushHeaders();
  return {
    async send(bytes) {
      sentBytes += bytes.length;
      await new Promise<void>((resolve) => outgoing.write(bytes, () => resolve()));
    },
    end: () => void outgoing.end(),
    vanish: () => void outgoing.destroy(),
    answer,
  };
}
