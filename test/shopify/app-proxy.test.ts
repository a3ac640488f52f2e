import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signProxyQuery } from "./app-proxy-signature.ts";
import { startEchoApp, type EchoApp } from "./fixtures/echo-app.ts";
import { createLocalShopify, type LocalShopify } from "./local-shopify.ts";

const secret = "hush";
let app: EchoApp;
let shop: LocalShopify;
const ask = (path: string, init?: RequestInit) => fetch(`${shop.url}/apps/pet-portraits/${path}`, init);

beforeAll(async () => {
  app = await startEchoApp({
    "/proxy/headers": (_request, response) => {
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      for (const name of ["Accept-Ranges", "Server", "X-Powered-By", "Pragma", "Tk"]) response.setHeader(name, "x");
      response.setHeader("Retry-After", "3");
      response.setHeader("ETag", '"e"');
      response.setHeader("Cache-Control", "no-store");
      response.writeHead(202).end("{}");
    },
    "/proxy/see-other": (_request, response) => response.writeHead(303, { Location: "/proxy/end" }).end(),
    "/proxy/moved": (_request, response) => response.writeHead(302, { Location: "/proxy/end" }).end(),
    "/proxy/again": (_request, response) => response.writeHead(307, { Location: "/proxy/end" }).end(),
    "/proxy/circle": (_request, response) => response.writeHead(302, { Location: "/proxy/circle" }).end(),
    "/proxy/silent": () => undefined,
    "/proxy/nothing": (_request, response) => response.writeHead(204).end(),
  });
  shop = await createLocalShopify({ port: 0, appUrl: app.url, apiKey: "key", apiSecret: secret });
});

/** An app that refuses at the first bytes of a body and closes the connection. */
const picky = { server: createServer(), shop: undefined as unknown as LocalShopify };
beforeAll(async () => {
  picky.server.on("request", (request, response) => {
    request.once("data", () => response.writeHead(413, { Connection: "close" }).end("too large"));
  });
  await new Promise<void>((resolve) => picky.server.listen(0, "127.0.0.1", resolve));
  const appUrl = `http://127.0.0.1:${(picky.server.address() as AddressInfo).port}`;
  picky.shop = await createLocalShopify({ port: 0, appUrl, apiKey: "key", apiSecret: secret });
});

afterAll(async () => {
  await picky.shop.close();
  picky.server.closeAllConnections();
  picky.server.close();
  await shop.close();
  await app.close();
});

describe("what the app proxy sends to the app", () => {
  it("signs the shopper's query together with what Shopify adds", async () => {
    await ask("portraits/por_1?wait_ms=10");
    const query = app.query();
    expect(app.seen.at(-1)?.url).toMatch(/^\/proxy\/portraits\/por_1\?wait_ms=10&shop=paws-and-paper\.myshopify\.com&/);
    expect(query.get("signature")).toBe(signProxyQuery(query, secret));
    expect(query.get("path_prefix")).toBe("/apps/pet-portraits");
    expect(query.get("logged_in_customer_id")).toBe("");
    expect(Math.abs(Number(query.get("timestamp")) - Date.now() / 1000)).toBeLessThan(5);
  });

  it("names the customer who signed in", async () => {
    const login = await fetch(`${shop.url}/account/login?as=customer`, { redirect: "manual" });
    await ask("session", { headers: { Cookie: login.headers.getSetCookie()[0]?.split(";")[0] ?? "" } });
    expect(app.query().get("logged_in_customer_id")).toBe("7001");
  });

  it("keeps what a browser sent under Shopify's names, repeated, and signs the values joined", async () => {
    await ask("session?shop=victim.myshopify.com&logged_in_customer_id=1&signature=abc");
    const query = app.query();
    expect(query.getAll("shop")).toEqual(["victim.myshopify.com", "paws-and-paper.myshopify.com"]);
    expect(query.getAll("logged_in_customer_id")).toEqual(["1", ""]);
    expect(query.getAll("signature")).toEqual(["abc", signProxyQuery(query, secret)]);
  });

  it("drops cookies and says who asked and where", async () => {
    await ask("session", { headers: { Cookie: "a=1", "X-Forwarded-For": "6.6.6.6", "Accept-Language": "de" } });
    const headers = app.seen.at(-1)?.headers ?? {};
    expect(headers.cookie).toBeUndefined();
    expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
    expect(headers["x-forwarded-host"]).toBe("paws-and-paper.myshopify.com");
    expect(headers["accept-language"]).toBe("de");
  });

  it.each(["POST", "PUT", "DELETE"])("forwards a %s with its body", async (method) => {
    const answer = await ask("photos", { method, body: "pixels", headers: { "Content-Type": "image/png" } });
    expect(await answer.json()).toMatchObject({ method, bytes: 6 });
    expect(app.seen.at(-1)?.headers["content-type"]).toBe("image/png");
  });

  it("forwards 20 MB without changing a byte", async () => {
    const body = randomBytes(20_000_000);
    const answer = await ask("photos", { method: "POST", body });
    const sha256 = createHash("sha256").update(body).digest("hex");
    expect(await answer.json()).toMatchObject({ bytes: body.length, sha256 });
  });

  it("forwards a body whose length nobody told", async () => {
    const body = new Blob(["a", "b", "c"]).stream();
    const answer = await ask("photos", { method: "POST", body, duplex: "half" });
    expect(await answer.json()).toMatchObject({ bytes: 3 });
  });
});

describe("what the app proxy gives back", () => {
  it("strips cookies and the listed headers, and keeps the others", async () => {
    const { status, headers } = await ask("headers");
    expect(status).toBe(202);
    for (const name of ["set-cookie", "accept-ranges", "server", "x-powered-by", "pragma", "tk"]) {
      expect(headers.has(name), name).toBe(false);
    }
    expect(headers.get("retry-after")).toBe("3");
    expect(headers.get("etag")).toBe('"e"');
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it.each(["see-other", "moved"])("follows a redirect itself (%s), without the body", async (path) => {
    const answer = await ask(path, { method: "POST", body: "x", redirect: "manual" });
    expect(await answer.json()).toMatchObject({ method: "GET", bytes: 0 });
    expect(app.seen.at(-1)?.url).toBe("/proxy/end");
  });

  it("follows a 307 with the method, where there is no body to send again", async () => {
    expect(await (await ask("again", { method: "DELETE" })).json()).toMatchObject({ method: "DELETE" });
    expect((await ask("again", { method: "POST", body: "x" })).status).toBe(502);
  });

  it("gives up on redirects in circles", async () => {
    expect((await ask("circle")).status).toBe(502);
  });

  it("brings an answer that the app gives before it has read the body", async () => {
    for (let time = 0; time < 5; time += 1) {
      const answer = await fetch(`${picky.shop.url}/apps/pet-portraits/photos`, {
        method: "POST",
        body: randomBytes(10_000_000),
      });
      expect([answer.status, await answer.text()]).toEqual([413, "too large"]);
    }
  });

  it("passes an empty answer on", async () => {
    const answer = await ask("nothing", { method: "POST", body: "{}" });
    expect(answer.status).toBe(204);
    expect(await answer.text()).toBe("");
  });

  it("answers 504 when the app says nothing in time", async () => {
    const hasty = await createLocalShopify({
      port: 0,
      appUrl: app.url,
      apiKey: "key",
      apiSecret: secret,
      proxyTimeoutMs: 200,
    });
    expect((await fetch(`${hasty.url}/apps/pet-portraits/silent`)).status).toBe(504);
    await hasty.close();
  });

  it("answers 502 when there is no app", async () => {
    const lonely = await createLocalShopify({ port: 0, appUrl: "http://127.0.0.1:9", apiKey: "k", apiSecret: "s" });
    expect((await fetch(`${lonely.url}/apps/pet-portraits/session`)).status).toBe(502);
    await lonely.close();
  });
});
