import { createHmac, timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import type { Clock } from "#app/kernel/clock.ts";
import { AppError, asAppError } from "#app/kernel/errors.ts";
import type { Log } from "#app/kernel/log.ts";

/**
 * How Shopify's webhooks are let in. The library's own check refreshes the shop's token first and answers 500 where that
 * is refused, which is always so for a shop that has just uninstalled us; so we check the signature ourselves and call
 * nobody. Only the body is signed: what a header says about the shop counts only where the body says the same.
 */
export type Webhooks = {
  /**
   * Proves the delivery, takes it once, and lets `handle` do its work.
   * @returns what Shopify is answered; a refusal never says more than its status
   */
  receive(request: Request, topic: WebhookTopic, handle: WebhookHandler): Promise<Response>;
};

export type WebhookTopic =
  "app/uninstalled" | "customers/data_request" | "customers/redact" | "orders/create" | "shop/redact";

export type WebhookDelivery = { id: string; topic: WebhookTopic; shop: string; payload: Record<string, unknown> };

export type WebhookHandler = (delivery: WebhookDelivery) => Promise<unknown>;

/** Remembers which deliveries were taken, across instances. Shopify delivers some twice, and all again that failed. */
export interface WebhookDeliveries {
  /**
   * Takes the delivery for `leaseMs`. A delivery whose taker crashed can be taken again after that.
   * @returns `running` while another taker holds it, `done` once it has been settled
   */
  claim(delivery: DeliveryName, options: { nowMs: number; leaseMs: number }): Promise<"claimed" | "running" | "done">;
  /** The work is done: it is never to be taken again. */
  settle(delivery: DeliveryName): Promise<void>;
  /** The work failed: Shopify's next attempt may take it. */
  release(delivery: DeliveryName): Promise<void>;
}

export type DeliveryName = { id: string; topic: string; shop: string };

/** Far above any body of these topics; a body is read no further than this. */
export const largestWebhookBytes = 1_000_000;

const leaseMs = 10 * 60_000;

type Parts = { apiSecrets: readonly string[]; deliveries: WebhookDeliveries; clock: Clock; log: Log };

/**
 * @param parts - `apiSecrets` holds the app's client secret, and the one before it while a rotation is under way
 */
export function createWebhooks(parts: Parts): Webhooks {
  return Object.freeze({
    async receive(request, topic, handle) {
      try {
        return await takeOnce(parts, await provenDelivery(parts, request, topic), handle);
      } catch (thrown) {
        if (thrown instanceof Response) return thrown;
        parts.log.error("webhook.failed", { topic, error: thrown });
        return answer(503, { "Retry-After": "60" });
      }
    },
  } satisfies Webhooks);
}

async function takeOnce(parts: Parts, delivery: WebhookDelivery, handle: WebhookHandler): Promise<Response> {
  const name: DeliveryName = { id: delivery.id, topic: delivery.topic, shop: delivery.shop };
  const claim = await parts.deliveries.claim(name, { nowMs: parts.clock.nowMs(), leaseMs });
  if (claim === "done") return answer(200);
  // Not 200: if the attempt that is running fails after this answer, Shopify would never come again.
  if (claim === "running") return answer(409, { "Retry-After": "30" });
  try {
    await handle(delivery);
  } catch (thrown) {
    await parts.deliveries.release(name);
    const error = asAppError(thrown);
    parts.log.error("webhook.unhandled", { topic: delivery.topic, code: error.code, error: thrown });
    return error.kind === "invalid" ? answer(400) : answer(503, { "Retry-After": "60" });
  }
  await parts.deliveries.settle(name);
  parts.log.info("webhook.taken", { topic: delivery.topic, shop: delivery.shop });
  return answer(200);
}

/** @throws Response for everything that does not prove where it comes from, or that is not what the route is for */
async function provenDelivery(parts: Parts, request: Request, topic: WebhookTopic): Promise<WebhookDelivery> {
  if (request.method !== "POST") throw answer(405, { Allow: "POST" });
  const signature = request.headers.get("x-shopify-hmac-sha256") ?? "";
  // Whoever does not even claim a signature is not read.
  if (!/^[A-Za-z0-9+/]{43}=$/.test(signature)) throw answer(401, { Connection: "close" });
  const body = await limitedBody(request);
  if (!isSigned(body, signature, parts.apiSecrets)) throw answer(401);

  const shop = request.headers.get("x-shopify-shop-domain") ?? "";
  const id = request.headers.get("x-shopify-webhook-id") ?? "";
  if (request.headers.get("x-shopify-topic") !== topic) throw answer(400);
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(shop) || !/^[\x21-\x7e]{1,128}$/.test(id)) throw answer(400);
  const payload = parsedPayload(body);
  const signedShop = payload.shop_domain ?? payload.myshopify_domain;
  if (signedShop !== undefined && signedShop !== shop) throw answer(401);
  return { id, topic, shop, payload };
}

function isSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, "base64");
  let proven = false;
  for (const secret of secrets) {
    const expected = createHmac("sha256", secret).update(body).digest();
    // Every secret is tried whatever the last one said: the time tells nothing about which one it was.
    proven = (given.length === expected.length && timingSafeEqual(given, expected)) || proven;
  }
  return proven;
}

async function limitedBody(request: Request): Promise<Buffer> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > largestWebhookBytes) throw answer(413, { Connection: "close" });
  const chunks: Uint8Array[] = [];
  let total = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch(senderWentAway);
    if (done) break;
    total += value.byteLength;
    if (total > largestWebhookBytes) {
      await reader.cancel().catch(() => undefined);
      throw answer(413, { Connection: "close" });
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks, total);
}

/** In the middle of a body: no fault of ours. */
function senderWentAway(): never {
  throw answer(400);
}

function parsedPayload(body: Buffer): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw answer(400);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw answer(400);
  return parsed as Record<string, unknown>;
}

const answer = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers: { "Cache-Control": "no-store", ...headers } });

/** The loader of a webhook door: Shopify only ever posts. */
export const onlyPost = (): Response => answer(405, { Allow: "POST" });

/** @throws AppError `invalid` where the payload is not of the topic's shape */
export function webhookPayload<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new AppError({
    code: "webhook_payload",
    kind: "invalid",
    publicMessage: "The payload is not of this topic's shape.",
    // The paths only: values of such a payload are personal.
    message: `unexpected payload at ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}`,
    report: true,
  });
}

/** Shopify's numbers in a list of anything, in digits. What else is in it is no reason not to do what is asked. */
export const numbersIn = (list: readonly unknown[]): string[] =>
  list.filter((one) => Number.isSafeInteger(one)).map(String);
