import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { renderAppBlock } from "../../shopify/storefront/app-block.ts";
import { FakeStorefront, type Script } from "./fake-storefront.ts";
import { themes } from "./themes.ts";

export const extensionFolder = fileURLToPath(new URL("../../../extensions/pet-processor/", import.meta.url));

export type Line = { id: string; quantity: string; properties: Record<string, string> };

export type PageServer = {
  url: string;
  storefront: FakeStorefront;
  cart: Line[];
  /** Block settings over the schema's defaults, for the pages that are asked for next. */
  settings: Record<string, unknown>;
  close(): Promise<void>;
};

const types: Record<string, string> = {
  js: "text/javascript",
  css: "text/css",
  jpg: "image/jpeg",
  wasm: "application/wasm",
};
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; style-src 'self'; img-src 'self' blob:; connect-src 'self'; object-src 'none'";

/** One product page a theme, with the real block in it, a cart, and the scripted storefront behind the app proxy. */
export async function startPageServer(script: Partial<Script> = {}): Promise<PageServer> {
  const storefront = new FakeStorefront(script);
  const state = { storefront, cart: [] as Line[], settings: {} as Record<string, unknown> };
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return Object.assign(state, { url: `http://127.0.0.1:${port}`, close });
}

type State = { storefront: FakeStorefront; cart: Line[]; settings: Record<string, unknown> };

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://shop.test");
  const [, head = "", ...rest] = url.pathname.split("/");
  if (head === "apps") return proxy(state, request, response, url);
  if (head === "extensions") return asset(response, rest.at(-1) ?? "");
  if (head === "theme") return send(response, "text/css", themes[rest[0] ?? ""]?.css ?? "");
  if (head === "sample" || head === "portrait")
    return asset(response, `sample-${samples[rest[0] ?? ""] ?? "ink-wash"}.jpg`);
  if (url.pathname === "/cart.js") return send(response, "application/json", JSON.stringify({ items: state.cart }));
  if (url.pathname === "/cart/add") return addToCart(state, request, response);
  if (url.pathname === "/cart") return send(response, "text/html", "<!doctype html><title>Cart</title><p>Cart</p>");
  if (head === "script.js") return send(response, "text/javascript", pageScript);
  if (head === "product.svg") return send(response, "image/svg+xml", productPicture);
  if (head === "favicon.ico") return void response.writeHead(204).end();
  if (head !== "products") return send(response, "text/plain", "", 404);
  const html = await productPage(state, url);
  if (url.searchParams.has("slow")) return sendSlowly(response, html);
  send(response, "text/html; charset=utf-8", html);
}

/** A poster on a wall, to show a portrait on. */
const productPicture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><rect width="400" height="400" fill="#d9d4c7"/><rect x="100" y="60" width="200" height="250" fill="#fff"/></svg>';

/** A bar at the bottom of the page, with a form of its own for the same product. */
const bar = (id: number) =>
  `<form action="/cart/add" method="post" id="bar"><input type="hidden" name="id" value="9${id}">
<input type="hidden" name="product-id" value="${id}"><input type="hidden" name="quantity" value="1">
<button type="submit" name="add" class="button">Buy it</button></form>`;

const samples: Record<string, string> = {
  ink_wash: "ink-wash",
  pen_and_marker: "pen-and-marker",
  pen: "pen-and-marker",
};

async function productPage(state: State, url: URL): Promise<string> {
  const ask = (name: string, otherwise: string) => url.searchParams.get(name) ?? otherwise;
  const theme = themes[ask("theme", "triplets")] ?? themes["triplets"];
  const locale = ask("locale", "en");
  const isEditor = url.searchParams.has("editor");
  const id = url.pathname.endsWith("mug") ? 222 : 111;
  const blockOf = (product: number, sectionId: string) =>
    renderAppBlock({
      extensionFolder,
      locale,
      designMode: isEditor,
      settings: state.settings,
      sectionId,
      id: `block_${sectionId}`,
      globals: {
        product: { id: product },
        routes: { cart_url: "/cart" },
        request: { design_mode: isEditor, locale: { iso_code: locale } },
      },
    });
  const block = await blockOf(id, "main");
  const second = url.searchParams.has("two") ? secondProduct((await blockOf(333, "featured")).html) : "";
  const flags = ["editor", "ajax", "refuses"].filter((flag) => url.searchParams.has(flag)).join(" ");
  return `<!doctype html><html lang="${locale}" dir="${ask("dir", "ltr")}" data-scheme="${ask("scheme", "light")}" data-flags="${flags}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Product</title>
<link rel="stylesheet" href="/theme/${theme?.name}"><script src="/script.js"></script>${block.head}</head>
<body><header>Paws</header><main class="shopify-section" id="shopify-section-main"><div class="media">Product picture</div><div>
<h1>Canvas portrait</h1><p>$49.00</p>${block.html}
<form action="/cart/add" method="post" id="${theme?.formId}" data-type="add-to-cart-form"><input type="hidden" name="id" value="9${id}">
<input type="hidden" name="product-id" value="${id}"><input type="hidden" name="quantity" value="1">
<button type="submit" name="add" class="button">Add to cart</button></form>
<p>Printed on cotton canvas, stretched over a wooden frame.</p></div></main>${second}${url.searchParams.has("bar") ? bar(id) : ""}</body></html>`;
}

/** A featured product below the page's own, with a block and a form of its own. */
const secondProduct = (block: string) =>
  `<section class="shopify-section" id="shopify-section-featured"><h2>Pet mug</h2>${block}
<form action="/cart/add" method="post" id="featured-form" data-type="add-to-cart-form"><input type="hidden" name="id" value="9333">
<input type="hidden" name="product-id" value="333"><input type="hidden" name="quantity" value="1">
<button type="submit" name="add" class="button">Add to cart</button></form></section>`;

/**
 * The page's own globals, a theme that adds by fetch where the page is asked for with `ajax`, and a shopper who allows
 * nothing that is not needed where it is asked for with `refuses`.
 */
const pageScript = `
const { flags } = document.documentElement.dataset;
window.Shopify = flags.includes("editor") ? { designMode: true } : {};
if (flags.includes("refuses"))
  Shopify.customerPrivacy = { preferencesProcessingAllowed: () => false, analyticsProcessingAllowed: () => false };
if (flags.includes("ajax")) document.addEventListener("submit", (event) => {
  event.preventDefault();
  fetch("/cart/add", { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
});
`;

async function proxy(state: State, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const bytes = await bodyOf(request);
  const isJson = request.headers["content-type"] === "application/json";
  const body: unknown = isJson ? JSON.parse(bytes.toString()) : new Uint8Array(bytes);
  const path = url.pathname.replace("/apps/pet-portraits/", "");
  const answered = await state.storefront.answer({
    method: request.method ?? "GET",
    path,
    query: url.searchParams,
    body,
  });
  if (answered === "dropped") return void response.destroy();
  if (answered.status === 204) return void response.writeHead(204).end();
  response.writeHead(answered.status, { ...answered.headers, "content-type": "application/json" });
  response.end(JSON.stringify(answered.body));
}

async function addToCart(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams((await bodyOf(request)).toString());
  const properties: Record<string, string> = {};
  for (const [name, value] of form) {
    const [, key] = /^properties\[(.+)\]$/.exec(name) ?? [];
    if (key) properties[key] = value;
  }
  state.cart.push({ id: form.get("id") ?? "", quantity: form.get("quantity") ?? "", properties });
  response.writeHead(303, { location: "/cart" }).end();
}

async function asset(response: ServerResponse, name: string): Promise<void> {
  const bytes = await readFile(`${extensionFolder}assets/${name}`).catch(() => null);
  send(response, types[name.split(".").at(-1) ?? ""] ?? "text/plain", bytes ?? "", bytes ? 200 : 404);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Stops in the middle of the block, long enough for an async script to be there before the rest. */
async function sendSlowly(response: ServerResponse, html: string): Promise<void> {
  const middle = html.indexOf("</h3>");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
  response.write(html.slice(0, middle));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  response.end(html.slice(middle));
}

function send(response: ServerResponse, type: string, body: string | Buffer, status = 200): void {
  response.writeHead(status, { "content-type": type, "content-security-policy": policy });
  response.end(body);
}
