import type { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/**
 * The request with its body as it comes off the wire: a piece is read when it is asked for, and is its reader's own. The
 * server's own body copies every piece, reads ahead, and leaves the first copy of each to the collector, which sees only
 * small handles.
 *
 * It has no `signal`: who sends a body goes away in its middle, and the body says so.
 */
export function withOwnBody({ req, env }: Context): Request {
  const incoming = (env as Partial<HttpBindings> | undefined)?.incoming;
  if (incoming === undefined || req.method !== "POST") return req.raw;
  const { method, headers } = req.raw;
  // Whoever sends a whole address as the path can put credentials into it, and no Request is made of these (Fetch, 5.3).
  const url = Object.assign(new URL(req.url), { username: "", password: "" });
  return new Request(url, { method, headers, body: bodyOf(incoming), duplex: "half" });
}

/** @throws what the connection throws when its sender goes away, from the stream */
export function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const pieces = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await pieces.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value as Buffer<ArrayBuffer>);
      },
      // Not waited for: it would wait for the piece that was asked for, and a sender who has stopped sends none.
      cancel: () => void pieces.return?.(),
    },
    { highWaterMark: 0 },
  );
}
