import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEchoApp, type EchoApp } from "./fixtures/echo-app.ts";
import { createLocalShopify, type LocalShopify } from "./local-shopify.ts";
import { samplePayload, webhookTopics } from "./webhooks.ts";

let app: EchoApp;
let shop: LocalShopify;
beforeAll(async () => {
  app = await startEchoApp();
  shop = await createLocalShopify({ port: 0, appUrl: app.url, apiKey: "key", apiSecret: "hush" });
});
afterAll(async () => {
  await shop.close();
  await app.close();
});

/** What shopify.app.toml asks Shopify to send of a topic. */
function subscribedFields(topic: string): string[] {
  const toml = readFileSync(new URL("../../shopify.app.toml", import.meta.url), "utf8");
  const subscription = toml.split("[[webhooks.subscriptions]]").find((part) => part.includes(`topics = ["${topic}"]`));
  const [, list = ""] = /include_fields = \[(.*)\]/.exec(subscription ?? "") ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, field = ""]) => field);
}

const hmacOf = (body: Buffer) => createHmac("sha256", "hush").update(body).digest("base64");

describe("webhooks", () => {
  it.each(webhookTopics)("signs the raw body of %s and posts it to its own path", async (topic) => {
    const answer = await shop.sendWebhook(topic, samplePayload(topic, shop.shop), { id: "delivery-1" });
    const seen = app.seen.at(-1);
    expect(answer.status).toBe(200);
    expect(seen).toMatchObject({ method: "POST", url: `/webhooks/${topic}` });
    expect(seen?.headers).toMatchObject({
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": shop.shop,
      "x-shopify-webhook-id": "delivery-1",
      "x-shopify-hmac-sha256": hmacOf(seen?.body ?? Buffer.alloc(0)),
    });
  });

  it("names the shop and the customer in the signed body where a redaction is asked", () => {
    expect(samplePayload("customers/redact", "a.myshopify.com", "7002")).toMatchObject({
      shop_domain: "a.myshopify.com",
      customer: { id: 7002 },
    });
  });

  it("can be forged, for the tests of a door", async () => {
    await shop.sendWebhook("shop/redact", {}, { hmac: "AAAA" });
    expect(app.seen.at(-1)?.headers["x-shopify-hmac-sha256"]).toBe("AAAA");
  });

  it("are sent by the buttons of the front page, which tells the answer", async () => {
    const body = new URLSearchParams({ topic: "customers/redact" });
    const answer = await fetch(`${shop.url}/webhooks/send`, { method: "POST", body });
    expect(await answer.text()).toContain("the app answered 200");
    expect(app.seen.at(-1)?.url).toBe("/webhooks/customers/redact");
  });

  it("are not sent for a form of another site", async () => {
    const before = app.seen.length;
    const body = new URLSearchParams({ topic: "shop/redact" });
    const headers = { "Sec-Fetch-Site": "cross-site" };
    const answer = await fetch(`${shop.url}/webhooks/send`, { method: "POST", body, headers });
    expect([answer.status, app.seen.length]).toEqual([404, before]);
  });

  it("tell the app of an order that was placed, with the line's properties", async () => {
    const add = await fetch(`${shop.url}/cart/add.js`, {
      method: "POST",
      body: JSON.stringify({ id: 44100001, properties: { _pet_portrait_id: "por_1" } }),
      headers: { "Content-Type": "application/json" },
    });
    const Cookie = add.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const page = await fetch(`${shop.url}/checkout`, { method: "POST", headers: { Cookie } });
    expect(await page.text()).toContain("has been placed");
    expect(app.seen.at(-1)?.url).toBe("/webhooks/orders/create");
    const order = JSON.parse(String(app.seen.at(-1)?.body)) as { line_items: object[] };
    expect(order.line_items).toMatchObject([{ properties: [{ name: "_pet_portrait_id", value: "por_1" }] }]);
    const items = Object.keys(order.line_items[0] ?? {}).map((field) => `line_items.${field}`);
    const sent = [...Object.keys(order).filter((field) => field !== "line_items"), ...items];
    expect(sent.sort()).toEqual(subscribedFields("orders/create").sort());
  });
});
