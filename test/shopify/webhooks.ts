import { createHmac, randomUUID } from "node:crypto";

/** Webhooks as Shopify sends them: the raw body signed in a header, the topic and the shop beside it, unsigned. */

export const webhookTopics = ["app/uninstalled", "customers/data_request", "customers/redact", "shop/redact"] as const;

export type SendWebhookOptions = {
  appUrl: string;
  secret: string;
  shop: string;
  /** The delivery's id; the same id twice is the same delivery. */
  id?: string;
  /** Instead of the right one, for a test of a forged delivery. */
  hmac?: string;
};

/** Base64 HMAC-SHA256 of the raw body, as in `X-Shopify-Hmac-Sha256`. */
export function signWebhook(body: string | Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

/**
 * Sends one webhook to `<appUrl>/webhooks/<topic>`.
 *
 * @param topic - in Shopify's spelling, for example `customers/redact`
 * @returns the app's answer, its body unread
 */
export function sendWebhook(topic: string, payload: unknown, options: SendWebhookOptions): Promise<Response> {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  return fetch(`${options.appUrl}/webhooks/${topic}`, {
    method: "POST",
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(5000),
    headers: {
      "Content-Type": "application/json",
      "X-Shopify-Topic": topic,
      "X-Shopify-Hmac-Sha256": options.hmac ?? signWebhook(body, options.secret),
      "X-Shopify-Shop-Domain": options.shop,
      "X-Shopify-API-Version": "2026-10",
      "X-Shopify-Webhook-Id": options.id ?? randomUUID(),
      "X-Shopify-Event-Id": randomUUID(),
      "X-Shopify-Triggered-At": new Date().toISOString(),
    },
  });
}

const numericShopId = 8_000_001;

/** A plausible payload for a topic, about the given customer where the topic is about one. */
export function samplePayload(topic: string, shop: string, customerId = "7001"): Record<string, unknown> {
  const about = { shop_id: numericShopId, shop_domain: shop };
  const customer = { id: Number(customerId), email: `customer-${customerId}@example.com`, phone: null };
  switch (topic) {
    case "customers/data_request":
      return { ...about, orders_requested: [], customer, data_request: { id: 9_900_001 } };
    case "customers/redact":
      return { ...about, customer, orders_to_redact: [] };
    case "shop/redact":
      return about;
    default:
      return { id: numericShopId, domain: shop, myshopify_domain: shop, name: "Paws & Paper" };
  }
}
