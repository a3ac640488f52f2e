import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLocalShopify, type LocalShopify } from "./local-shopify.ts";
import { locales, themes } from "./storefront/visit.ts";

const appUrl = "http://127.0.0.1:3999";
const fixtureExtension = fileURLToPath(new URL("./fixtures/extension/pet-processor", import.meta.url));
const options = { port: 0, appUrl, apiKey: "key", apiSecret: "hush" };
let own: LocalShopify;
let fixture: LocalShopify;

beforeAll(async () => {
  own = await createLocalShopify(options);
  fixture = await createLocalShopify({ ...options, extensionFolder: fixtureExtension });
});
afterAll(() => Promise.all([own.close(), fixture.close()]));

const page = async (shop: LocalShopify, path: string) => (await fetch(`${shop.url}${path}`)).text();
const forms = { dawn: "product-form-", horizon: "BuyButtons-ProductForm-" };
const mainSection = "template--18000000000001__main";

describe.each(themes)("the %s-shaped product page", (theme) => {
  it.each(locales)("renders the real block and leaves no translation out (%s)", async (locale) => {
    for (const handle of ["pet-canvas", "pet-mug"]) {
      const html = await page(own, `/products/${handle}?theme=${theme}&locale=${locale}`);
      expect(html).toContain("<pet-processor");
      expect(html).not.toContain("Translation missing");
      expect(html).not.toMatch(/\{[{%]/);
    }
  });

  it("has the theme's own form, and the block outside of it", async () => {
    const html = await page(own, `/products/pet-canvas?theme=${theme}`);
    const formId = `${forms[theme]}${mainSection}`;
    const form = html.slice(html.indexOf(`id="${formId}"`), html.indexOf("</form>", html.indexOf(`id="${formId}"`)));
    expect(form).toContain('data-type="add-to-cart-form"');
    expect(form).toContain('name="id"');
    expect(form).not.toContain("<pet-processor");
    expect(html).toContain(`type="submit" name="add" form="${formId}"`);
  });

  it("has no inline script and forbids them", async () => {
    const answer = await fetch(`${own.url}/products/pet-canvas?theme=${theme}`);
    const scripts = [...(await answer.text()).matchAll(/<script([^>]*)>/g)].map(([, attributes = ""]) => attributes);
    expect(scripts.filter((attributes) => !/src=|type="application\/json"/.test(attributes))).toEqual([]);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain(`img-src 'self' ${appUrl} data: blob:`);
  });

  it("can be asked for its main section alone, with the variant", async () => {
    const html = await page(own, `/products/pet-canvas?theme=${theme}&variant=44100005&section_id=${mainSection}`);
    expect(html.trimStart()).toMatch(new RegExp(`^<section id="shopify-section-${mainSection}"`));
    expect(html).toContain("$99.00");
    expect(html).toContain("<pet-processor");
    expect(html).not.toContain("<html");
  });

  it("asks for files that are there", async () => {
    const html = await page(own, `/products/pet-canvas?theme=${theme}`);
    const addresses = [...html.matchAll(/(?:src|href)="(\/(?:cdn|extensions)\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(addresses.length).toBeGreaterThan(5);
    for (const path of addresses) expect((await fetch(`${own.url}${path}`)).status, path).toBe(200);
  });
});

describe("the app block in a page", () => {
  const block = async (query: string) => {
    const html = await page(fixture, `/products/pet-canvas?${query}`);
    const [, json = "{}"] = /<script type="application\/json" data-probe>([\s\S]*?)<\/script>/.exec(html) ?? [];
    return { html, probe: JSON.parse(json) as Record<string, unknown> };
  };

  it("gets the defaults of its schema, the product, and its section's id", async () => {
    const { probe } = await block("theme=dawn");
    expect(probe).toMatchObject({
      heading: "A default",
      ratio: "4/5",
      product: 8_100_001,
      section: mainSection,
      design: false,
      price: "$39.00",
      shop: "paws-and-paper.myshopify.com",
      customer: null,
    });
  });

  it("gets what the merchant has set over the defaults", async () => {
    const settings = encodeURIComponent(JSON.stringify({ heading: 'Say "hello" & more' }));
    expect((await block(`block_settings=${settings}`)).probe.heading).toBe('Say "hello" & more');
  });

  it("is translated, with the default language where a key is missing", async () => {
    expect((await block("locale=de")).probe).toMatchObject({
      hello: "Hallo Rex",
      only_english: "Only here",
      locale: "de",
    });
    expect((await block("locale=fr")).probe).toMatchObject({ hello: "Hello Rex", two: "2 pets" });
  });

  it("is wrapped and loaded as Shopify does it", async () => {
    const { html } = await block("theme=horizon");
    expect(html).toMatch(/<section id="shopify-block-\w+" class="shopify-block shopify-app-block probe">/);
    expect(html).toMatch(/<link rel="stylesheet" href="\/extensions\/pet-processor\/assets\/probe\.css\?v=\w+"/);
    expect(html).toMatch(
      /<script src="\/extensions\/pet-processor\/assets\/probe\.js\?v=\w+" async="async"><\/script>/,
    );
    expect(html).not.toContain('"name": "Probe"');
  });

  it("knows the theme editor", async () => {
    const { html, probe } = await block("design_mode=1");
    expect(probe.design).toBe(true);
    expect(html).toContain('data-shopify-editor-block="{&quot;id&quot;');
    expect(html).toContain('"designMode":true');
    expect((await block("")).html).not.toContain("designMode");
  });

  it("can stand in the theme's own section for apps, whose id is another", async () => {
    const { html, probe } = await block("placement=apps");
    expect(probe.section).toBe("template--18000000000001__apps");
    expect(html.indexOf("data-probe")).toBeGreaterThan(html.indexOf("</form>"));
  });

  it("has its files with the right types, for every origin, and nothing outside of its folder", async () => {
    const get = (file: string) => fetch(`${fixture.url}/extensions/pet-processor/assets/${file}`);
    const script = await get("probe.js");
    expect(script.headers.get("content-type")).toContain("text/javascript");
    expect(script.headers.get("access-control-allow-origin")).toBe("*");
    expect((await get("probe.css")).headers.get("content-type")).toContain("text/css");
    expect((await get("..%2fblocks%2fpet-processor.liquid")).status).toBe(404);
  });
});

describe("visitors", () => {
  it("are remembered with theme, colours and language", async () => {
    const first = await fetch(`${own.url}/products/pet-canvas?theme=horizon&scheme=dark&locale=de`);
    const Cookie = first.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
    const html = await (await fetch(`${own.url}/products/pet-mug`, { headers: { Cookie } })).text();
    expect(html).toContain('<html lang="de">');
    expect(html).toContain("color-scheme-dark");
    expect(html).toContain("BuyButtons-ProductForm");
  });

  it("sign in and out, and go on where they were and nowhere else", async () => {
    const go = (path: string) => fetch(`${own.url}${path}`, { redirect: "manual" });
    const login = await go("/account/login?as=other-customer&return_to=/products/pet-mug");
    expect(login.headers.getSetCookie()[0]).toMatch(/^customer=7002;/);
    expect(login.headers.get("location")).toBe("/products/pet-mug");
    expect((await go("/account/logout?return_to=//evil.example")).headers.get("location")).toBe("/");
    expect((await go("/account/login?as=nobody")).status).toBe(404);
  });

  it("cannot make themselves another customer with a cookie", async () => {
    const headers = { Cookie: "customer=7003" };
    expect(await (await fetch(`${own.url}/`, { headers })).text()).toContain("You are a guest.");
  });
});

it("lists its pages at /", async () => {
  const html = await page(own, "/");
  for (const href of ["/products/pet-canvas?theme=dawn", "/cart", "/admin", "/account/logout"]) {
    expect(html).toContain(`href="${href}`);
  }
});

it("answers to this machine's names only", async () => {
  const { port } = new URL(own.url);
  const { request } = await import("node:http");
  const status = await new Promise((resolve) => {
    request({ port, host: "127.0.0.1", path: "/admin/session-token", headers: { Host: "evil.example" } }, (answer) =>
      resolve(answer.resume().statusCode),
    ).end();
  });
  expect(status).toBe(403);
});
