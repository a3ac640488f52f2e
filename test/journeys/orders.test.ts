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
    await house.built.house.orders.resume();
    const waits = await house.rows.portrait.findUniqueOrThrow({ where: { id } });
    expect(waits).toMatchObject({ status: "pending", tries: 0, errorCode: null });
    expect(house.painter.calls.length - calls).toBe(3);
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

  it("is painted once and written down once, however often and from wherever it is told", async () => {
    const calls = house.painter.calls.length;
    const id = await promise();
    const first = await placeOrder(house.url, [id, id], { delivery: `delivery-${photos}` });
    const again = { number: first.number, delivery: `delivery-${photos}` };
    expect((await placeOrder(house.url, [id, id], again)).status).toBe(200);
    // Another delivery of the same order, and everybody's sweep at the same moment.
    const all = [1, 2, 3, 4].map(() => house.built.house.orders.resume());
    expect((await placeOrder(house.url, [id, id], { number: first.number })).status).toBe(200);
    await Promise.all(all);
    await isReady(id);
    await house.built.house.orders.resume();
    expect(house.painter.calls.length - calls).toBe(1);
    expect(await house.rows.orderLine.count({ where: { portraitId: id } })).toBe(2);
  });

  it("costs nothing where it has been painted for somebody since, also when the day's money is spent", async () => {
    const photo = await smallPhoto((photos += 1));
    const { body } = await shopper.ask(await shopper.give(photo), { pending: true });
    const other = await comeAsShopper(house.url, { nowMs: clock.nowMs });
    expect((await other.wait((await other.ask(await other.give(photo))).body.portrait.id)).status).toBe("ready");
    for (let spent = 40_000; spent < 120_000; spent += 40_000)
      expect((await paint(await comeAsShopper(house.url, { nowMs: clock.nowMs }))).status).toBe("ready");
    const calls = house.painter.calls.length;
    await placeOrder(house.url, [body.portrait.id]);
    await isReady(body.portrait.id);
    expect(house.painter.calls.length).toBe(calls);
    expect(await shopper.quota()).toMatchObject({ used: 0 });
  });

  it("is kept for a year with its photo, while what nobody bought goes", async () => {
    const bought = (await paint()).id;
    const other = await comeAsShopper(house.url, { nowMs: clock.nowMs });
    const looked = (await paint(other)).id;
    await placeOrder(house.url, [bought]);
    await until(async () => (await house.rows.orderLine.count({ where: { portraitId: bought, keptAt: null } })) === 0);
    clock.atMs += 300 * dayMs;
    await house.built.house.privacy.sweepExpired();
    expect(await house.rows.portrait.count({ where: { id: looked } })).toBe(0);
    const { photos: madeOf, imageToken } = await house.rows.portrait.findUniqueOrThrow({ where: { id: bought } });
    const [photo] = madeOf as { photoId: string }[];
    expect(await house.rows.photo.count({ where: { id: photo?.photoId ?? "" } })).toBe(1);
    expect((await fetch(`${house.url}/images/${imageToken}`)).status).toBe(200);
    clock.atMs += 66 * dayMs;
    await house.built.house.privacy.sweepExpired();
    await house.built.house.privacy.sweepExpired();
    expect(await house.rows.portrait.count({ where: { id: bought } })).toBe(0);
    expect((await fetch(`${house.url}/images/${imageToken}`)).status).toBe(404);
  });

  it("cannot be called off by its shopper, before or after the order; it only leaves their list", async () => {
    const [before, after] = [await promise(), await promise()];
    const drop = (id: string) => shopper.call<{ portrait: { status: string } }>("DELETE", `portraits/${id}`);
    expect((await drop(before)).body.portrait.status).toBe("cancelled");
    house.painter.plan.takesMs = 60_000;
    await placeOrder(house.url, [before, after]);
    await until(async () => (await statusOf(after)) !== "pending");
    const dropped = await drop(after);
    expect([dropped.status, ["queued", "making"].includes(dropped.body.portrait.status)]).toEqual([200, true]);
    house.painter.plan.takesMs = 0;
    house.painter.letGo();
    for (const id of [before, after]) await isReady(id);
    const { body } = await shopper.call<{ portraits: unknown[] }>("GET", "portraits");
    expect(body.portraits).toEqual([]);
  });

  it("stays when its shopper deletes their photos, painted or not, and everything else goes", async () => {
    const looked = await promise();
    const bought = await promise();
    house.painter.plan.fails = () => providerDown();
    await placeOrder(house.url, [bought]);
    await until(
      async () => (await house.rows.portrait.findUniqueOrThrow({ where: { id: bought } })).errorCode !== null,
    );
    const { body } = await shopper.call<{ receipt: object }>("DELETE", "photos");
    expect(body.receipt).toMatchObject({ photos: 1, portraits: 1 });
    expect(await house.rows.portrait.count({ where: { id: looked } })).toBe(0);
    house.painter.plan.fails = () => undefined;
    clock.atMs += orderedTries.firstPauseMs;
    await house.built.house.orders.resume();
    await isReady(bought);
  });
});

describe("what is bought, before a crowd that only looks", () => {
  let house: QuickHouse;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: { ...roomy, PAINT_CONCURRENCY: "1" } });
  });
  afterAll(() => {
    house.painter.letGo();
    return house.close();
  });

  it("is painted next", async () => {
    const [crowd, buyer] = [await comeAsShopper(house.url), await comeAsShopper(house.url)];
    const { body } = await buyer.ask(await buyer.give(await smallPhoto((photos += 1))), { pending: true });
    house.painter.plan.takesMs = 60_000;
    const waiting: string[] = [];
    for (let n = 0; n < 6; n++)
      waiting.push((await crowd.ask(await crowd.give(await smallPhoto((photos += 1))))).body.portrait.id);
    await until(() => house.painter.calls.length === 1);
    await placeOrder(house.url, [body.portrait.id]);
    const status = async (id: string) => (await house.rows.portrait.findUniqueOrThrow({ where: { id } })).status;
    await until(async () => (await status(body.portrait.id)) === "queued");
    house.painter.letGo();
    await until(async () => (await status(body.portrait.id)) === "making");
    expect(await Promise.all(waiting.map(status))).toEqual(["ready", ...Array.from({ length: 5 }, () => "queued")]);
  });
});
