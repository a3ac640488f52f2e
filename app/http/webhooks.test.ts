import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AppError } from "#app/kernel/errors.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { createMemoryWebhookDeliveries } from "#test/builders/memory-webhook-deliveries.ts";
import { createWebhooks, largestWebhookBytes, onlyPost, webhookPayload, type WebhookHandler } from "./webhooks.ts";

const secret = "hush";
const shop = "tidewater-paws.myshopify.com";
const payload = JSON.stringify({ shop_id: 1, shop_domain: shop, customer: { id: 7 }, orders_to_redact: [] });
const sign = (body: string | Buffer, key = secret) => createHmac("sha256", key).update(body).digest("base64");

type Broken = {
  method?: string;
  headers?: Record<string, string | undefined>;
  body?: string | Buffer | ReadableStream;
};

/** A valid delivery; each test breaks exactly one thing. */
function delivery({ method = "POST", headers = {}, body = payload }: Broken = {}): Request {
  const valid: Record<string, string | undefined> = {
    "x-shopify-hmac-sha256": body instanceof ReadableStream ? sign("") : sign(body),
    "x-shopify-topic": "customers/redact",
    "x-shopify-shop-domain": shop,
    "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    ...headers,
  };
  const sent = Object.entries(valid).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const init = { method, headers: sent, ...(method === "GET" ? {} : { body, duplex: "half" }) };
  return new Request("https://app.example/webhooks/customers/redact", init as RequestInit);
}

function setUp({ apiSecrets = [secret], nowMs = 1_000 }: { apiSecrets?: string[]; nowMs?: number } = {}) {
  const time = { nowMs };
  const clock = { nowMs: () => time.nowMs, now: () => new Date(time.nowMs) };
  const { log, said } = quietLog();
  const webhooks = createWebhooks({ apiSecrets, deliveries: createMemoryWebhookDeliveries(), clock, log });
  const handled: unknown[] = [];
  const handle: WebhookHandler = async (taken) => handled.push(taken);
  const receive = (request: Request, handler = handle) => webhooks.receive(request, "customers/redact", handler);
  return { receive, handled, said, time };
}

const statusOf = async (broken: Broken) => {
  const { receive, handled } = setUp();
  const { status } = await receive(delivery(broken));
  expect(handled).toHaveLength(status === 200 ? 1 : 0);
  return status;
};

describe("a webhook", () => {
  it("signed by somebody else's HMAC is understood", async () => {
    // openssl dgst -sha256 -hmac hush -binary | base64
    const headers = { "x-shopify-hmac-sha256": "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=" };
    expect(await statusOf({ body: '{"id":1}', headers })).toBe(200);
  });

  it("with a good signature reaches its handler with the signed shop and payload", async () => {
    const { receive, handled } = setUp();
    expect((await receive(delivery())).status).toBe(200);
    expect(handled).toMatchObject([{ shop, topic: "customers/redact", payload: { customer: { id: 7 } } }]);
  });

  it.each([
    ["of another secret", sign(payload, "other")],
    ["of another body", sign(`${payload} `)],
    ["missing", undefined],
    ["empty", ""],
    ["too short", sign(payload).slice(0, 20)],
    ["in hex", createHmac("sha256", secret).update(payload).digest("hex")],
    ["with something behind it", `${sign(payload)}=`],
    ["in lower case", sign(payload).toLowerCase()],
  ])("with a signature %s is refused with 401", async (_, signature) => {
    expect(await statusOf({ headers: { "x-shopify-hmac-sha256": signature } })).toBe(401);
  });

  it("without a signature is refused before its body is read", async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
    expect(await statusOf({ body, headers: { "x-shopify-hmac-sha256": undefined } })).toBe(401);
    expect(pulled).toBe(0);
  });

  it("signed with the secret before the last rotation is taken", async () => {
    const { receive } = setUp({ apiSecrets: ["the new one", secret] });
    expect((await receive(delivery())).status).toBe(200);
  });

  it.each([
    ["another topic", { "x-shopify-topic": "shop/redact" }],
    ["no topic", { "x-shopify-topic": undefined }],
    ["no shop", { "x-shopify-shop-domain": undefined }],
    ["a shop that is not one of Shopify's", { "x-shopify-shop-domain": "tidewater-paws.myshopify.com.evil.example" }],
    ["no delivery id", { "x-shopify-webhook-id": undefined }],
    ["an endless delivery id", { "x-shopify-webhook-id": "x".repeat(200) }],
  ])("with %s is refused with 400", async (_, headers) => {
    expect(await statusOf({ headers })).toBe(400);
  });

  it("whose header names another shop than its signed body is refused with 401", async () => {
    expect(await statusOf({ headers: { "x-shopify-shop-domain": "victim.myshopify.com" } })).toBe(401);
    const uninstalled = JSON.stringify({ id: 1, myshopify_domain: "victim.myshopify.com", domain: "victim.example" });
    expect(await statusOf({ body: uninstalled })).toBe(401);
  });

  it.each(["not json", "", "[]", '"text"', "null", "{", "12"])("with the body %j is refused with 400", async (body) => {
    expect(await statusOf({ body })).toBe(400);
  });

  it("that is not posted is refused with 405", async () => {
    expect(await statusOf({ method: "GET" })).toBe(405);
    expect(await statusOf({ method: "PUT" })).toBe(405);
    expect(onlyPost().headers.get("allow")).toBe("POST");
  });

  it("that says it is too large is refused unread, and one that does not say so is stopped on the way", async () => {
    expect(await statusOf({ headers: { "content-length": String(largestWebhookBytes + 1) } })).toBe(413);
    let sent = 0;
    const body = new ReadableStream({
      pull(stream) {
        sent += 64_000;
        stream.enqueue(new Uint8Array(64_000));
      },
    });
    expect(await statusOf({ body })).toBe(413);
    expect(sent).toBeLessThan(largestWebhookBytes + 300_000);
  });

  it("whose sender goes away in the middle is nobody's error", async () => {
    const body = new ReadableStream({ pull: (stream) => stream.error(new Error("ECONNRESET")) });
    expect(await statusOf({ body })).toBe(400);
  });
});

describe("a delivery", () => {
  it("that comes twice is handled once and answered 200 twice", async () => {
    const { receive, handled } = setUp();
    expect((await receive(delivery())).status).toBe(200);
    expect((await receive(delivery())).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it("that comes again while it is being handled is put off, not called done", async () => {
    const { receive, handled } = setUp();
    let finish = () => undefined as void;
    const slow = receive(delivery(), async (taken) => {
      handled.push(taken);
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await expect.poll(() => handled.length).toBe(1);
    expect((await receive(delivery())).status).toBe(409);
    finish();
    expect((await slow).status).toBe(200);
    expect((await receive(delivery())).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it("whose handler fails is asked for again, and then handled", async () => {
    const { receive, handled, said } = setUp();
    const failed = await receive(delivery(), async () => Promise.reject(new Error("the records are away")));
    expect(failed.status).toBe(503);
    expect(said.map(({ event }) => event)).toContain("webhook.unhandled");
    expect((await receive(delivery())).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it("whose taker crashed can be taken again when its lease is over", async () => {
    const { receive, handled, time } = setUp();
    void receive(delivery(), () => new Promise(() => undefined));
    await Promise.resolve();
    await expect.poll(async () => (await receive(delivery())).status).toBe(409);
    time.nowMs += 11 * 60_000;
    expect((await receive(delivery())).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it("whose payload is not of the topic's shape is a 400 that tells no value", async () => {
    const { receive, said } = setUp();
    const schema = z.object({ customer: z.object({ id: z.string() }) });
    const answer = await receive(delivery(), async ({ payload }) => webhookPayload(schema, payload));
    expect(answer.status).toBe(400);
    expect(String((said[0]?.facts?.error as AppError).message)).toBe("unexpected payload at customer.id");
  });

  it("whose records are away is answered 503 and left to Shopify's next attempt", async () => {
    const { log, said } = quietLog();
    const away = () => Promise.reject(new Error("no database"));
    const deliveries = { claim: away, settle: away, release: away };
    const clock = { nowMs: () => 0, now: () => new Date(0) };
    const webhooks = createWebhooks({ apiSecrets: [secret], deliveries, clock, log });
    expect((await webhooks.receive(delivery(), "customers/redact", async () => undefined)).status).toBe(503);
    expect(said.map(({ event }) => event)).toEqual(["webhook.failed"]);
  });
});
