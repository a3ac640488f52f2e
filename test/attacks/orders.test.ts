import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placeOrder } from "#test/builders/orders.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, testSecret, testShop, type TestShopper } from "#test/builders/storefront.ts";
import { sendWebhook } from "#test/shopify/webhooks.ts";

/** Orders that are forged, bent or not ours. What a browser wrote into a line is the shopper's word and nothing more. */
describe("a hostile order", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let promised: string;
  beforeAll(async () => {
    house = await openQuickHouse();
    shopper = await comeAsShopper(house.url);
    const photo = await shopper.give(await smallPhoto(9_000));
    promised = (await shopper.ask(photo, { pending: true })).body.portrait.id;
  });
  afterAll(async () => {
    const wrong = house.said.filter(({ level, event }) => level === "error" && event !== "webhook.unhandled");
    expect(wrong).toEqual([]);
    await house.close();
  });

  const send = (payload: unknown, options: { shop?: string; hmac?: string; secret?: string } = {}) =>
    sendWebhook("orders/create", payload, { appUrl: house.url, secret: testSecret, shop: testShop, ...options });
  const orderOf = (properties: unknown, id: unknown = 5_600_000_001) => ({
    id,
    name: "#1",
    line_items: [{ id: 1, properties }],
  });
  const ofPortrait = [{ name: "_pet_portrait_id", value: "set below" }];
  const nothingIsOrdered = async () => {
    expect(await house.rows.orderLine.count()).toBe(0);
    expect(await house.rows.portrait.count({ where: { orderedAt: { not: null } } })).toBe(0);
    expect(house.painter.calls).toEqual([]);
  };

  it("that is not signed with the app's secret is 401", async () => {
    ofPortrait[0]!.value = promised;
    for (const forged of [{ secret: "another one" }, { hmac: "" }, { hmac: "A".repeat(43) + "=" }])
      expect((await send(orderOf(ofPortrait), forged)).status).toBe(401);
    await nothingIsOrdered();
  });

  it("that names another shop in its header finds nothing there: the header is not signed, the portrait is not theirs", async () => {
    expect((await send(orderOf(ofPortrait), { shop: "somebody-else.myshopify.com" })).status).toBe(200);
    await nothingIsOrdered();
  });

  it.each([
    ["no list", "por_1"],
    ["nothing", null],
    ["a list of anything", [null, 7, "por_1", [], {}]],
    ["an id that is none", [{ name: "_pet_portrait_id", value: "../../shops" }]],
    ["an id that is no text", [{ name: "_pet_portrait_id", value: { $ne: null } }]],
    ["an id of nobody", [{ name: "_pet_portrait_id", value: `por_${"x".repeat(22)}` }]],
    ["a very long id", [{ name: "_pet_portrait_id", value: `por_${"x".repeat(5_000)}` }]],
    ["another property", [{ name: "portrait", value: "set below" }]],
  ])("whose line has %s for properties is taken, and nothing is ordered", async (_, properties) => {
    expect((await send(orderOf(properties))).status).toBe(200);
    await nothingIsOrdered();
  });

  it.each([
    ["no lines", { id: 1, name: "#1" }],
    ["an id that is no number", orderOf([], "1 OR 1=1")],
    ["a line without an id", { id: 1, name: "#1", line_items: [{ properties: [] }] }],
    ["a list in its place", []],
  ])("with %s is 400", async (_, payload) => {
    expect((await send(payload)).status).toBe(400);
    await nothingIsOrdered();
  });

  it("of five hundred lines of one portrait is one portrait, painted once", async () => {
    const ids = Array.from({ length: 500 }, () => promised);
    expect((await placeOrder(house.url, ids)).status).toBe(200);
    expect((await shopper.wait(promised)).status).toMatch(/pending|ready/);
    await expect.poll(async () => (await shopper.wait(promised)).status).toBe("ready");
    expect(house.painter.calls).toHaveLength(1);
    expect(await house.rows.orderLine.count()).toBe(500);
  });
});
