import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { orderedTries } from "#app/orders/paint-ordered.ts";
import { placeOrder } from "#test/builders/orders.ts";
import { providerDown } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { pricedAt } from "#test/builders/prices.ts";
import { openQuickHouse, roomy, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

const dayMs = 24 * 60 * 60_000;
const noon = Date.parse("2026-03-29T12:00:00Z");
let photos = 5_000;

describe("a portrait that is ordered", () => {
  const clock = stoppedClock(noon);
  let house: QuickHouse;
  let shopper: TestShopper;
  beforeAll(async () => {
    const environment = { ...roomy, QUOTA_GUEST_PER_DAY: "1", DAILY_BUDGET_USD: "0.12", PAINT_CONCURRENCY: "1" };
    house = await openQuickHouse({ clock, environment, parts: { prices: pricedAt(40_000) } });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    clock.atMs += dayMs;
    house.painter.plan.fails = () => undefined;
    shopper = await comeAsShopper(house.url, { nowMs: clock.nowMs });
  });

  const give = async (who = shopper) => who.give(await smallPhoto((photos += 1)));
  const promise = async (who = shopper) => {
    const { status, body } = await who.ask(await give(who), { pending: true });
    expect([status, body.portrait.status]).toEqual([201, "pending"]);
    return body.portrait.id;
  };
  const paint = async (who = shopper) => who.wait((await who.ask(await give(who))).body.portrait.id);
  const statusOf = async (id: string) => (await house.rows.portrait.findUniqueOrThrow({ where: { id } })).status;
  const isReady = (id: string) => until(async () => (await statusOf(id)) === "ready");

  it("is painted after it, with no quota left, and none is taken", async () => {
    expect((await paint()).status).toBe("ready");
    expect((await shopper.ask(await give())).status).toBe(429);
    const id = await promise();
    expect((await placeOrder(house.url, [id])).status).toBe(200);
    await isReady(id);
    expect(await shopper.quota()).toMatchObject({ used: 1, remaining: 0 });
    const { body } = await shopper.call<{ portrait: { status: string; image: { url: string } } }>(
      "GET",
      `portraits/${id}`,
    );
    expect(body.portrait.status).toBe("ready");
    expect((await fetch(`${house.url}${new URL(body.portrait.image.url).pathname}`)).status).toBe(200);
  });

  it("waits while the day's money is spent, and is the first to be painted when there is more", async () => {
    const calls = house.painter.calls.length;
    const others = await Promise.all([1, 2, 3].map(() => comeAsShopper(house.url, { nowMs: clock.nowMs })));
    for (const other of others) expect((await paint(other)).status).toBe("ready");
    const id = await promise();
    expect((await placeOrder(house.url, [id])).status).toBe(200);
    expect([await statusOf(id), house.painter.calls.length - calls]).toEqual(["pending", 3]);
    clock.atMs += dayMs;
    await house.built.house.orders.resume();
    await isReady(id);
    expect(house.painter.calls.length - calls).toBe(4);
  });

  it("is tried again after a while when the painter failed, and is promised in between", async () => {
    house.painter.plan.fails = () => providerDown();
    const id = await promise();
    await placeOrder(house.url, [id]);
    await until(async () => (await house.rows.portrait.findUniqueOrThrow({ where: { id } })).errorCode !== null);
    const { body } = await shopper.call<{ portrait: unknown }>("GET", `portraits/${id}`);
    expect(body.portrait).toMatchObject({ status: "pending", error: null });
    house.painter.plan.fails = () => undefined;
    await house.built.house.orders.resume();
    expect(await statusOf(id)).toBe("pending");
    clock.atMs += orderedTries.firstPauseMs;
    await house.built.house.orders.resume();
    await isReady(id);
  });
});
