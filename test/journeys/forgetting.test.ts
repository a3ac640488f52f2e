import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ForgetAnswer, PortraitListAnswer } from "#app/http/storefront-api.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

describe("a shopper who wants to be forgotten", () => {
  let house: QuickHouse;
  let number = 6_000;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy });
  });
  afterAll(() => house.close());

  const get = async (shopper: TestShopper, bytes: Buffer) => {
    const asked = await shopper.ask(await shopper.give(bytes));
    return shopper.wait(asked.body.portrait.id);
  };
  const picture = async (url = "") => (await fetch(url.replace(house.config.appUrl, house.url))).status;
  const listOf = async (shopper: TestShopper) =>
    (await shopper.call<PortraitListAnswer>("GET", "portraits")).body.portraits;
  const forget = (shopper: TestShopper) => shopper.call<ForgetAnswer>("DELETE", "photos");

  it("gets a receipt that counts right, finds nothing any more, and nobody else loses anything", async () => {
    const [shopper, other] = [await comeAsShopper(house.url), await comeAsShopper(house.url, { customer: "7100" })];
    const mine = [
      await get(shopper, await smallPhoto((number += 1))),
      await get(shopper, await smallPhoto((number += 1))),
    ];
    const theirs = await get(other, await smallPhoto((number += 1)));
    const { status, body } = await forget(shopper);
    expect(status).toBe(200);
    expect(body.receipt).toMatchObject({ photos: 2, portraits: 2, objects: 4 });
    expect(body.receipt.id).toMatch(/^rcp_/);
    expect(Date.parse(body.receipt.at)).toBeGreaterThan(0);

    for (const { image } of mine) expect(await picture(image?.url)).toBe(404);
    expect(await listOf(shopper)).toEqual([]);
    for (const { id } of mine) expect((await shopper.call("GET", `portraits/${id}`)).status).toBe(404);
    expect(await picture(theirs.image?.url)).toBe(200);
    expect((await listOf(other)).map(({ id }) => id)).toEqual([theirs.id]);
    expect((await forget(shopper)).body.receipt).toMatchObject({ photos: 0, portraits: 0, objects: 0 });
  });

  it("does not take a picture away from another shopper who has the same one", async () => {
    const [shopper, other] = [await comeAsShopper(house.url), await comeAsShopper(house.url)];
    const bytes = await smallPhoto((number += 1));
    const [mine, theirs] = [await get(shopper, bytes), await get(other, bytes)];
    await forget(shopper);
    expect(await picture(mine.image?.url)).toBe(404);
    expect(await picture(theirs.image?.url)).toBe(200);
  });

  it("is forgotten as a guest and as a customer where the visit was both", async () => {
    const guest = await comeAsShopper(house.url);
    const asGuest = await get(guest, await smallPhoto((number += 1)));
    const customer = await comeAsShopper(house.url, { session: guest.session.session, customer: "7101" });
    const asCustomer = await get(customer, await smallPhoto((number += 1)));
    expect((await forget(customer)).body.receipt).toMatchObject({ photos: 2, portraits: 2 });
    expect([await picture(asGuest.image?.url), await picture(asCustomer.image?.url)]).toEqual([404, 404]);
  });

  it("may come back with the same photo and begin anew", async () => {
    const shopper = await comeAsShopper(house.url);
    const bytes = await smallPhoto((number += 1));
    await get(shopper, bytes);
    await forget(shopper);
    expect((await get(shopper, bytes)).status).toBe("ready");
    expect(await listOf(shopper)).toHaveLength(1);
  });

  it("while a portrait is being made leaves no picture and no trouble behind", async () => {
    house.painter.plan.takesMs = 60_000;
    const shopper = await comeAsShopper(house.url);
    const asked = await shopper.ask(await shopper.give(await smallPhoto((number += 1))));
    await until(
      async () => (await house.rows.portrait.count({ where: { id: asked.body.portrait.id, stage: "painting" } })) === 1,
    );
    expect((await forget(shopper)).status).toBe(200);
    house.painter.letGo();
    await until(async () => (await house.rows.attempt.count({ where: { outcome: "running" } })) === 0);
    expect(await listOf(shopper)).toEqual([]);
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
  });
});
