import { createServer, request, type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { bodyOf, withOwnBody } from "./request-body.ts";

const server = createServer();
afterEach(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));

async function listen(): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

type Sent = { sender: ClientRequest; incoming: IncomingMessage; outgoing: ServerResponse };

/** A sender of that many bytes, none of them yet on its way, and what the server sees of it. */
async function connect(bytes: number): Promise<Sent> {
  const port = await listen();
  const sender = request({ port, host: "127.0.0.1", method: "POST", headers: { "Content-Length": bytes } });
  sender.on("error", () => undefined).flushHeaders();
  return new Promise((resolve) =>
    server.once("request", (incoming, outgoing) => resolve({ sender, incoming, outgoing })),
  );
}

describe("the body of a request", () => {
  it("comes whole, in pieces that are nobody else's", async () => {
    const sent = Buffer.alloc(1_000_000, "pet");
    const { sender, incoming } = await connect(sent.length);
    sender.end(sent);
    const pieces: Uint8Array[] = [];
    const reader = bodyOf(incoming).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) pieces.push(read.value);
    expect(Buffer.concat(pieces).equals(sent)).toBe(true);
    expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(pieces.length);
    for (const { buffer, byteLength } of pieces) expect(buffer.byteLength).toBe(byteLength);
  });

  it("stays on the line until it is asked for", async () => {
    const { sender, incoming } = await connect(50_000_000);
    sender.end(Buffer.alloc(50_000_000));
    const reader = bodyOf(incoming).getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(incoming.socket.bytesRead).toBeLessThan(1_000_000);
  });

  it("fails where its sender goes away in the middle", async () => {
    const { sender, incoming } = await connect(2_000);
    sender.write(Buffer.alloc(1_000));
    const reader = bodyOf(incoming).getReader();
    expect((await reader.read()).value).toHaveLength(1_000);
    sender.destroy();
    await expect(reader.read()).rejects.toThrow("aborted");
  });

  it("can be given up while its sender says nothing, and the answer still goes out", async () => {
    const { sender, incoming, outgoing } = await connect(2_000);
    const answered = new Promise<IncomingMessage>((resolve) => sender.once("response", resolve));
    const reader = bodyOf(incoming).getReader();
    const asked = reader.read();
    await reader.cancel();
    expect(await asked).toMatchObject({ done: true });
    outgoing.writeHead(503).end();
    expect((await answered).statusCode).toBe(503);
  });
});

describe("a request with its own body", () => {
  it.each([
    ["POST", "pet", true],
    ["GET", undefined, false],
    ["DELETE", undefined, false],
  ])("says what %s said", async (method, body, isOwn) => {
    const app = new Hono().all("*", async (c) => {
      const own = withOwnBody(c);
      const { value } = (await own.body?.getReader().read()) ?? {};
      const { pathname, search } = new URL(own.url);
      const said = [own.method, pathname + search, own.headers.get("X-Forwarded-For")];
      return c.json({ said, body: value && Buffer.from(value).toString(), isOwn: Buffer.isBuffer(value) });
    });
    const port = await listen();
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    server.once("request", (incoming, outgoing) => void answer(incoming, outgoing));
    const headers = { "X-Forwarded-For": "198.51.100.7" };
    const init = { method, headers, ...(body && { body }) };
    const answered = await fetch(`http://127.0.0.1:${port}/proxy/photos?signature=1`, init);
    expect(await answered.json()).toEqual({ said: [method, "/proxy/photos?signature=1", "198.51.100.7"], body, isOwn });
  });

  it("has an address without credentials, and its query as it was", async () => {
    const app = new Hono().all("*", (c) => c.text(withOwnBody(c).url));
    const port = await listen();
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    server.once("request", (incoming, outgoing) => void answer(incoming, outgoing));
    const path = "http://user:secret@shop/proxy/photos?a=%2F+%20&b=%zz";
    const sender = request({ port, host: "127.0.0.1", method: "POST", path }).end("pet");
    const answered = await new Promise<IncomingMessage>((resolve) => sender.once("response", resolve));
    expect(await text(answered)).toBe("http://shop/proxy/photos?a=%2F+%20&b=%zz");
  });

  it("is the one that came where no server is in front", async () => {
    const app = new Hono().all("*", (c) => c.text(String(withOwnBody(c) === c.req.raw)));
    const answer = await app.fetch(new Request("http://shop/", { method: "POST", body: "pet" }));
    expect(await answer.text()).toBe("true");
  });
});
