import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import { getCookie } from "hono/cookie";
import type { LocalShopifyFacts } from "../facts.ts";
import { createLiquidEngine } from "../storefront/liquid-engine.ts";
import { staticFile } from "../storefront/static-files.ts";
import { customers, locales, readCustomerId } from "../storefront/visit.ts";
import { samplePayload, sendWebhook, webhookTopics } from "../webhooks.ts";

/** The page at `/`: what this local Shopify has, one click each. */

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const topicTexts: Record<(typeof webhookTopics)[number], string> = {
  "app/uninstalled": "The merchant removes the app.",
  "customers/data_request": "A customer asks what is kept about them.",
  "customers/redact": "A customer is to be forgotten.",
  "shop/redact": "Everything of this shop is to be forgotten.",
};

export function addFrontDoors(app: Hono, { facts }: { facts: LocalShopifyFacts }): void {
  app.get("/", async (c) => {
    const engine = createLiquidEngine({
      roots: [folder("./pages")],
      translate: (key) => key,
      assetUrl: (file) => `/front/${file}`,
    });
    const html = (await engine.renderFile("front", {
      shop: facts.shop,
      app_url: facts.appUrl,
      customer_id: readCustomerId(c),
      customers: Object.entries(customers).map(([name, id]) => ({ name, id })),
      locales: locales.map((code) => ({ code, is_current: code === (getCookie(c, "locale") ?? "en") })),
      topics: webhookTopics.map((topic) => ({ topic, text: topicTexts[topic] })),
      sent: webhookTopics.find((topic) => topic === c.req.query("sent")) ?? null,
      status: /^\d{3}$/.exec(c.req.query("status") ?? "")?.[0] ?? null,
    })) as string;
    c.header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
    return c.html(html);
  });
  app.get("/front/:file", async (c) => (await staticFile(folder("./assets"), c.req.param("file"))) ?? c.notFound());
  app.post("/webhooks/send", async (c) => {
    const { topic } = await c.req.parseBody();
    const known = webhookTopics.find((candidate) => candidate === topic);
    // A form of another site may post here too; nothing is sent in its name.
    const isOwnPage = c.req.header("sec-fetch-site") !== "cross-site";
    if (known === undefined || !isOwnPage) return c.text("No such webhook.\n", 404);
    const { appUrl, apiSecret: secret, shop } = facts;
    const payload = samplePayload(known, shop, readCustomerId(c) || "7001");
    const answer = await sendWebhook(known, payload, { appUrl, secret, shop }).catch(() => undefined);
    return c.redirect(`/?sent=${encodeURIComponent(known)}&status=${answer?.status ?? ""}#webhooks`, 303);
  });
}
