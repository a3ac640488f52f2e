import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Context, Hono } from "hono";
import type { LocalShopifyFacts } from "../facts.ts";
import { plainText } from "../plain-text.ts";
import { hostParameter, mintSessionToken, signAdminQuery } from "../session-token.ts";
import { createLiquidEngine } from "../storefront/liquid-engine.ts";
import { staticFile } from "../storefront/static-files.ts";
import { answerAccessToken, isAccessToken } from "./access-tokens.ts";
import { adminApiRoot, extensionStatus } from "./admin-data.ts";
import { answerGraphql } from "./graphql.ts";

/** The admin: a frame around the embedded app, App Bridge's stand-in, and what Shopify answers to the app's server. */

type AdminDoors = { facts: LocalShopifyFacts; themeState: { isBlockActive: boolean } };

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const bridgeParts = ["channel", "session", "api", "elements", "page"];
const scope = "write_app_proxy,read_products,read_orders";

export function addAdminDoors(app: Hono, doors: AdminDoors): void {
  addFrame(app, doors);
  addBridge(app, doors);
  addServerAnswers(app, doors.facts);
}

const page = (template: string, values: object): Promise<string> =>
  createLiquidEngine({
    roots: [folder("./pages")],
    translate: (key) => key,
    assetUrl: (file) => `/admin/assets/${file}`,
  }).renderFile(template, values) as Promise<string>;

function addFrame(app: Hono, { facts, themeState }: AdminDoors): void {
  app.get("/admin", (c) => c.redirect("/admin/apps/pet-portraits", 302));
  app.get("/admin/apps/pet-portraits/:path{.*}?", async (c) => {
    const { shop, apiKey, appUrl } = facts;
    const src = frameAddress(facts, c.req.param("path") ?? "", new URL(c.req.url).searchParams);
    c.header("Content-Security-Policy", `default-src 'self'; frame-src ${appUrl}; frame-ancestors 'none'`);
    c.header("Cache-Control", "no-store");
    return c.html(await page("frame", { shop, apiKey, appUrl, src }));
  });
  app.get("/admin/themes/current/editor", async (c) => {
    const isAsking = c.req.query("addAppBlockId") !== undefined;
    c.header("Cache-Control", "no-store");
    return c.html(await page("editor", { is_active: themeState.isBlockActive, is_asking: isAsking }));
  });
  app.post("/admin/themes/current/block", async (c) => {
    const { active } = await c.req.parseBody();
    themeState.isBlockActive = active === "1";
    return c.redirect("/admin/themes/current/editor", 302);
  });
  app.get(
    "/admin/assets/:file",
    async (c) => (await staticFile(folder("./assets"), c.req.param("file"))) ?? c.notFound(),
  );
}

/** What the admin puts into the frame: the app's page with a signed query and a session token. */
function frameAddress({ shop, appUrl, apiKey, apiSecret }: LocalShopifyFacts, path: string, asked: URLSearchParams) {
  const query = new URLSearchParams(asked);
  const added = {
    embedded: "1",
    shop,
    host: hostParameter(shop),
    locale: "en",
    session: mintSessionToken({ shop, apiKey, apiSecret }).split(".")[2] ?? "",
    timestamp: String(Math.floor(Date.now() / 1000)),
    id_token: mintSessionToken({ shop, apiKey, apiSecret }),
  };
  for (const [name, value] of Object.entries(added)) query.set(name, value);
  query.set("hmac", signAdminQuery(query, apiSecret));
  return `${appUrl}/${path === "" ? "app" : path}?${query}`;
}

function addBridge(app: Hono, { facts, themeState }: AdminDoors): void {
  const { shop, apiKey, apiSecret, appUrl } = facts;
  const forTheApp = (c: Context) => {
    c.header("Access-Control-Allow-Origin", appUrl);
    c.header("Vary", "Origin");
    c.header("Cache-Control", "no-store");
  };
  app.get("/app-bridge.js", async (c) => {
    const parts = await Promise.all(bridgeParts.map((name) => readFile(folder(`./bridge/${name}.js`), "utf8")));
    c.header("Content-Type", "text/javascript; charset=utf-8");
    c.header("Cache-Control", "no-cache");
    return c.body(`(() => {\n${parts.join("\n")}\n})();\n`);
  });
  app.get("/admin/session-token", (c) => {
    forTheApp(c);
    return c.json({ token: mintSessionToken({ shop, apiKey, apiSecret }) });
  });
  app.get("/admin/extensions", (c) => {
    forTheApp(c);
    return c.json(extensionStatus(themeState.isBlockActive));
  });
}

/** The app's server calls these in the shop's place, with the shop that it meant in `X-Local-Shopify-Shop`. */
function addServerAnswers(app: Hono, facts: LocalShopifyFacts): void {
  const tokenFacts = { ...facts, scope };
  const isForAnotherShop = (c: Context) => (c.req.header("x-local-shopify-shop") ?? facts.shop) !== facts.shop;
  app.post("/admin/oauth/access_token", async (c) => {
    if (isForAnotherShop(c)) return c.json({ errors: "Not Found" }, 404);
    const { status, body } = answerAccessToken(tokenFacts, await bodyFields(c));
    return Response.json(body, { status });
  });
  app.post("/admin/api/:version/graphql.json", async (c) => {
    if (isForAnotherShop(c)) return c.json({ errors: "Not Found" }, 404);
    if (!isAccessToken(c.req.header("x-shopify-access-token") ?? "", tokenFacts)) {
      return c.json({ errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" }, 401);
    }
    const { query } = await bodyFields(c);
    return c.json(answerGraphql(plainText(query), adminApiRoot({ ...facts, themesFolder: folder("../themes") })));
  });
}

async function bodyFields(c: Context): Promise<Record<string, unknown>> {
  const isJson = (c.req.header("content-type") ?? "").includes("json");
  if (!isJson) return c.req.parseBody();
  return Object(await c.req.json<unknown>().catch(() => undefined)) as Record<string, unknown>;
}
