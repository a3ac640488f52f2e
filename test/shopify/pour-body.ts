import type { ClientRequest } from "node:http";
import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";

/**
 * Sends the body on. An app may answer before it has read everything (too large, unsigned) and close: what is left is
 * then read and thrown away, because a browser hears nothing while it is still sending. A turn of the event loop after
 * each piece lets that answer in before the next write meets the closed way.
 */
export async function pour(body: Readable, outgoing: ClientRequest): Promise<void> {
  let isAnswered = false;
  outgoing.once("response", () => (isAnswered = true));
  for await (const piece of body) {
    if (isAnswered || outgoing.destroyed) continue;
    if (!outgoing.write(piece)) await roomAgain(outgoing);
    await setImmediate();
  }
  if (!outgoing.destroyed) outgoing.end();
}

function roomAgain(outgoing: ClientRequest): Promise<void> {
  const events = ["drain", "close", "response"];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) outgoing.off(event, done);
      resolve();
    };
    for (const event of events) outgoing.on(event, done);
  });
}
