import { Script } from "node:vm";
import "@shopify/shopify-api/adapters/node";
import { ApiVersion, RequestedTokenType, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLocalShopify, type LocalShopify } from "./local-shopify.ts";
import { hostParameter, mintSessionToken, readSessionToken } from "./session-token.ts";

/** Shopify's own library is the judge: what the local Shopify makes must pass its checks. */

const apiKey = "0123456789abcdef0123456789abcdef";
const apiSecret = "hush";
const appUrl = "http://127.0.0.1:3999";
const library = shopifyApi({
  apiKey,
  apiSecretKey: apiSecret,
  apiVersion: ApiVersion.October26,
  hostName: "127.0.0.1:3999",
  isEmbeddedApp: true,
  logger: { log: () => undefined },
});

let local: LocalShopify;
beforeAll(async () => {
  local = await createLocalShopify({ port: 0, appUrl, apiKey, apiSecret });
  setAbstractFetchFunc((input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    headers.set("X-Local-Shopify-Shop", url.hostname);
    return fetch(`${local.url}${url.pathname}${url.search}`, { ...init, headers });
  });
});
afterAll(() => local.close());

const freshToken = async () =>
  ((await (await fetch(`${local.url}/admin/session-token`)).json()) as { token: string }).token;
const frameAddress = async (path = "/admin/apps/pet-portraits") => {
  const html = await (await fetch(`${local.url}${path}`)).text();
  const [, src = ""] = /<iframe id="app"[^>]* src="([^"]+)"/.exec(html) ?? [];
  return new URL(src.replaceAll("&amp;", "&"));
};
const exchange = (sessionToken: string, shop = local.shop) =>
  library.auth.tokenExchange({
    shop,
    sessionToken,
    requestedTokenType: RequestedTokenType.OfflineAccessToken,
    expiring: true,
  });

describe("session tokens", () => {
  it("pass the library's check", async () => {
    const claims = await library.session.decodeSessionToken(await freshToken());
    expect(claims).toMatchObject({ aud: apiKey, dest: `https://${local.shop}`, iss: `https://${local.shop}/admin` });
    expect(claims.exp - claims.nbf).toBe(60);
  });

  it("are refused when forged, expired or meant for another app", () => {
    const shop = local.shop;
    const token = mintSessionToken({ shop, apiKey, apiSecret });
    expect(readSessionToken(token, { apiKey, apiSecret })?.dest).toBe(`https://${shop}`);
    expect(readSessionToken(token, { apiKey, apiSecret: "other" })).toBeUndefined();
    expect(readSessionToken(token, { apiKey: "other", apiSecret })).toBeUndefined();
    expect(readSessionToken(token, { apiKey, apiSecret, nowSeconds: Date.now() / 1000 + 61 })).toBeUndefined();
    expect(readSessionToken("a.b.c", { apiKey, apiSecret })).toBeUndefined();
  });

  it("are given to pages of the app only", async () => {
    const { headers } = await fetch(`${local.url}/admin/session-token`, { headers: { Origin: "http://evil.example" } });
    expect(headers.get("access-control-allow-origin")).toBe(appUrl);
  });
});

describe("the admin's frame", () => {
  it("opens the app with a query that the library accepts", async () => {
    const url = await frameAddress();
    expect(`${url.origin}${url.pathname}`).toBe(`${appUrl}/app`);
    expect(url.searchParams.get("embedded")).toBe("1");
    expect(url.searchParams.get("host")).toBe(hostParameter(local.shop));
    expect(library.utils.sanitizeHost(url.searchParams.get("host") ?? "")).toBeTruthy();
    expect(await library.utils.validateHmac(Object.fromEntries(url.searchParams))).toBe(true);
    await library.session.decodeSessionToken(url.searchParams.get("id_token") ?? "");
  });

  it("opens a page of the app by its own address", async () => {
    const url = await frameAddress("/admin/apps/pet-portraits/app/settings?tab=limits");
    expect([url.pathname, url.searchParams.get("tab")]).toEqual(["/app/settings", "limits"]);
  });

  it("serves the stand-in of App Bridge as one script", async () => {
    const answer = await fetch(`${local.url}/app-bridge.js`);
    const text = await answer.text();
    expect(answer.headers.get("content-type")).toContain("text/javascript");
    expect(() => new Script(text)).not.toThrow();
    expect(text).toContain("window.shopify = {");
  });

  it("says whether the block is in the theme, and takes it out and puts it back", async () => {
    const status = async () => {
      const list = (await (await fetch(`${local.url}/admin/extensions`)).json()) as {
        activations: { status: string }[];
      }[];
      return list[0]?.activations[0]?.status;
    };
    const press = (active: string) =>
      fetch(`${local.url}/admin/themes/current/block`, { method: "POST", body: new URLSearchParams({ active }) });
    expect(await status()).toBe("active");
    await press("0");
    expect(await status()).toBe("available");
    expect(await (await fetch(`${local.url}/products/pet-canvas`)).text()).not.toContain("shopify-app-block");
    await press("1");
    expect(await status()).toBe("active");
  });
});

describe("what Shopify answers to the app's server", () => {
  it("exchanges a session token for an offline token that ends, with a refresh token", async () => {
    const { session } = await exchange(await freshToken());
    expect(session).toMatchObject({ shop: local.shop, isOnline: false });
    expect(session.accessToken).toMatch(/^shpat_/);
    expect(session.refreshToken).toMatch(/^shprt_/);
    expect(Math.round(((session.expires?.getTime() ?? 0) - Date.now()) / 60_000)).toBe(60);
  });

  it("refreshes it", async () => {
    const { session } = await exchange(await freshToken());
    const refreshed = await library.auth.refreshToken({ shop: local.shop, refreshToken: session.refreshToken ?? "" });
    expect(refreshed.session.accessToken).toMatch(/^shpat_/);
    await expect(library.auth.refreshToken({ shop: local.shop, refreshToken: "shprt_0" })).rejects.toThrow();
  });

  it("refuses another shop's token and a wrong secret", async () => {
    await expect(exchange(mintSessionToken({ shop: "other.myshopify.com", apiKey, apiSecret }))).rejects.toThrow();
    await expect(exchange(await freshToken(), "other.myshopify.com")).rejects.toThrow();
    const answer = await fetch(`${local.url}/admin/oauth/access_token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: apiKey, client_secret: "no", subject_token: await freshToken() }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: "invalid_client" });
  });

  it("answers the fields that a query asks for, and no others", async () => {
    const { session } = await exchange(await freshToken());
    const client = new library.clients.Graphql({ session });
    const { data } = await client.request(
      'query Home($n: Int!) { shop { name money: currencyCode } products(first: $n, query: "tag:x") { nodes { title } } }',
      { variables: { n: 5 } },
    );
    expect(data).toEqual({
      shop: { name: "Paws & Paper", money: "USD" },
      products: { nodes: [{ title: "Pet Portrait Canvas" }, { title: "Pet Portrait Mug" }] },
    });
    await expect(client.request("{ shop { secrets } }")).rejects.toThrow(
      "Field 'secrets' doesn't exist on type 'Shop'",
    );
  });

  it("answers 401 to a token that it did not give", async () => {
    const answer = await fetch(`${local.url}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      body: JSON.stringify({ query: "{ shop { name } }" }),
      headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": "shpat_x" },
    });
    expect(answer.status).toBe(401);
  });
});
