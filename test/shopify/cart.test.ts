import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLocalShopify, type LocalShopify } from "./local-shopify.ts";

const canvas = "44100001";
const oak = "44100002";
const soldOut = "44100009";
let shop: LocalShopify;
let cookie = "";

beforeAll(async () => {
  shop = await createLocalShopify({ port: 0, appUrl: "http://127.0.0.1:9", apiKey: "key", apiSecret: "hush" });
});
beforeEach(async () => {
  const first = await fetch(`${shop.url}/cart.js`);
  cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});
afterAll(() => shop.close());

const send = (path: string, init: RequestInit = {}) =>
  fetch(`${shop.url}${path}`, {
    redirect: "manual",
    ...init,
    headers: { ...(init.headers as object), Cookie: cookie },
  });
const post = (path: string, body: NonNullable<RequestInit["body"]>, headers = {}) =>
  send(path, { method: "POST", body, headers });
const json = (path: string, body: unknown) => post(path, JSON.stringify(body), { "Content-Type": "application/json" });

type Line = { key: string; variant_id: number; quantity: number; properties: Record<string, string> };
const cart = async () => (await (await send("/cart.js")).json()) as { items: Line[]; item_count: number };
const lines = async () => (await cart()).items.map((item) => [item.variant_id, item.quantity, item.properties]);

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
};
const portrait = { "properties[Style]": "Modern", "properties[_pet_portrait_id]": "por_1" };

describe("adding to the cart", () => {
  it("takes a plain form and leads to the cart page", async () => {
    const answer = await post("/cart/add", new URLSearchParams({ id: canvas, quantity: "2", ...portrait }));
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/cart"]);
    expect(await lines()).toEqual([[44100001, 2, { Style: "Modern", _pet_portrait_id: "por_1" }]]);
  });

  it("leads to the checkout when the form says so", async () => {
    const answer = await post("/cart/add", new URLSearchParams({ id: canvas, checkout: "" }));
    expect(answer.headers.get("location")).toBe("/checkout");
  });

  it("never leads to another site", async () => {
    const answer = await post("/cart/add", new URLSearchParams({ id: canvas, return_to: "//evil.example" }));
    expect(answer.headers.get("location")).toBe("/cart");
  });

  it("takes a multipart form from a script and answers with the line", async () => {
    const answer = await post("/cart/add.js", form({ form_type: "product", id: oak, ...portrait }));
    const line = await answer.json();
    expect(line).toMatchObject({ variant_id: 44100002, quantity: 1, price: 6900, handle: "pet-canvas" });
    expect(line).toMatchObject({ properties: { Style: "Modern", _pet_portrait_id: "por_1" } });
  });

  it("answers with data to an Accept that asks for it", async () => {
    const answer = await post("/cart/add", form({ id: canvas }), { Accept: "application/javascript" });
    expect(await answer.json()).toMatchObject({ variant_id: 44100001 });
  });

  it("keeps a file of the form and puts its address into the property", async () => {
    const data = form({ id: canvas });
    data.append("properties[Photo]", new File(["pixels"], "a.png", { type: "image/png" }));
    const { properties } = (await (await post("/cart/add.js", data)).json()) as Line;
    expect(await (await fetch(properties.Photo ?? "")).text()).toBe("pixels");
  });

  it("takes JSON, one line or several", async () => {
    await json("/cart/add.js", { id: 44100001, quantity: 2, properties: { Style: "Sketch" } });
    const several = await json("/cart/add.js", { items: [{ id: 44200001, quantity: 1 }, { id: "44200002" }] });
    expect(((await several.json()) as { items: Line[] }).items.map((item) => item.variant_id)).toEqual([
      44200001, 44200002,
    ]);
    expect((await cart()).item_count).toBe(4);
  });

  it("takes items in a form too", async () => {
    await post(
      "/cart/add.js",
      form({ "items[0][id]": canvas, "items[0][properties][Style]": "Modern", "items[1][id]": oak }),
    );
    expect(await lines()).toEqual([
      [44100002, 1, {}],
      [44100001, 1, { Style: "Modern" }],
    ]);
  });

  it("counts the same variant with the same properties up, and keeps two portraits apart", async () => {
    for (const id of ["por_1", "por_1", "por_2"]) {
      await json("/cart/add.js", { id: 44100001, properties: { _pet_portrait_id: id } });
    }
    expect(await lines()).toEqual([
      [44100001, 1, { _pet_portrait_id: "por_2" }],
      [44100001, 2, { _pet_portrait_id: "por_1" }],
    ]);
  });

  it("answers with the sections that the theme asks for", async () => {
    const data = form({ id: canvas, sections: "cart-notification-product,cart-icon-bubble,../layout" });
    const { sections } = (await (await post("/cart/add.js", data)).json()) as {
      sections: Record<string, string | null>;
    };
    expect(sections["cart-notification-product"]).toContain("Pet Portrait Canvas");
    expect(sections["cart-icon-bubble"]).toContain("1 item");
    expect(sections["../layout"]).toBeNull();
  });

  it.each([
    ["what is sold out", { id: soldOut }, 422],
    ["what does not exist", { id: "1" }, 404],
    ["no quantity", { id: canvas, quantity: "0" }, 422],
  ])("refuses %s with a sentence", async (_what, fields, status) => {
    const answer = await post("/cart/add.js", new URLSearchParams(fields));
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, message: "Cart Error", description: expect.any(String) });
    expect((await cart()).item_count).toBe(0);
  });
});

describe("changing the cart", () => {
  it("changes a line by its key and takes it out at zero", async () => {
    await json("/cart/add.js", { id: 44100001 });
    const key = (await cart()).items[0]?.key;
    await json("/cart/change.js", { id: key, quantity: 5 });
    expect((await cart()).item_count).toBe(5);
    await json("/cart/change.js", { line: 1, quantity: 0 });
    expect((await cart()).items).toEqual([]);
  });

  it("can be done by a link, without any script", async () => {
    await json("/cart/add.js", { id: 44100001 });
    expect((await send("/cart/change?line=1&quantity=0")).headers.get("location")).toBe("/cart");
    expect((await cart()).item_count).toBe(0);
  });

  it("refuses a line that is not there", async () => {
    expect((await json("/cart/change.js", { line: 3, quantity: 1 })).status).toBe(400);
  });

  it("empties it", async () => {
    await json("/cart/add.js", { id: 44100001, quantity: 3 });
    expect(await (await json("/cart/clear.js", {})).json()).toMatchObject({ item_count: 0, items: [] });
  });
});

describe("the cart page", () => {
  it("shows what is for the shopper, and what begins with _ to the merchant only", async () => {
    const properties = { Style: "Modern <b>", _pet_portrait_url: "http://127.0.0.1:1/p.webp", Blank: "" };
    await json("/cart/add.js", { id: 44100001, properties });
    const html = await (await send("/cart")).text();
    const [shopper = "", merchant = ""] = html.split("cart-line__merchant");
    expect(shopper).toContain("Style: Modern &lt;b&gt;");
    expect(shopper).not.toContain("_pet_portrait_url");
    expect(shopper).not.toContain("Blank");
    expect(shopper).toContain('<img src="http://127.0.0.1:1/p.webp"');
    expect(merchant).toContain("<dt>_pet_portrait_url</dt>");
  });

  it("never makes a picture of an address that is none", async () => {
    await json("/cart/add.js", { id: 44100001, properties: { _pet_portrait_url: "javascript:alert(1)" } });
    expect(await (await send("/cart")).text()).not.toContain('src="javascript:');
  });
});
