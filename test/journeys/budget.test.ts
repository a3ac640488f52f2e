import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer } from "#app/http/storefront-api.ts";
import { createQuickPainter } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { pricedAt } from "#test/builders/prices.ts";
import { openQuickHouse, roomy, type QuickHouse } from "#test/builders/quick-house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

const clock = stoppedClock(Date.parse("2026-03-29T12:00:00Z"));

describe("a shop's money for the day", () => {
  let house: QuickHouse;
  let photos = 3_000;
  beforeAll(async () => {
    const environment = { ...roomy, DAILY_BUDGET_USD: "0.10" };
    house = await openQuickHouse({ clock, environment, parts: { prices: pricedAt(40_000) } });
  });
  afterAll(() => house.close());
  const spent = async () => (await house.rows.attempt.aggregate({ _sum: { costMicroUsd: true } }))._sum.costMicroUsd;

  it("is never overspent by a crowd; then it is 503 budget_spent, cached and pending go on, and midnight brings more", async () => {
    const shopper = await comeAsShopper(house.url, { nowMs: clock.nowMs });
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) ids.push(await shopper.give(await smallPhoto((photos += 1))));
    const answers = await Promise.all(ids.map(async (id) => ({ id, ...(await shopper.ask(id)) })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, ...Array.from({ length: 8 }, () => 503)]);
    const refused = answers.find(({ status }) => status === 503);
    expect((refused?.body as unknown as ErrorAnswer).error).toMatchObject({
      code: "budget_spent",
      retry_at: "2026-03-30T00:00:00.000Z",
    });
    expect(Number(refused?.headers.get("Retry-After"))).toBe(12 * 3_600);

    const accepted = answers.filter(({ status }) => status === 202);
    for (const { body } of accepted) expect((await shopper.wait(body.portrait.id)).status).toBe("ready");
    expect(await spent()).toBe(80_000n);
    expect(await shopper.quota()).toMatchObject({ used: 2 });
    expect((await shopper.ask(refused?.id ?? "")).status).toBe(503);
    expect((await shopper.ask(accepted[0]?.id ?? "")).status).toBe(200);
    expect((await shopper.ask(refused?.id ?? "", { pending: true })).status).toBe(201);

    clock.atMs = Date.parse("2026-03-30T00:00:00Z");
    const next = await comeAsShopper(house.url, { nowMs: clock.nowMs, session: shopper.session.session });
    const after = await next.ask(refused?.id ?? "");
    expect(after.status).toBe(202);
    expect((await next.wait(after.body.portrait.id)).status).toBe("ready");
  });
});

describe("a shop's money that runs out", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let photos = 3_500;
  const usual = createQuickPainter();
  const cheaper = createQuickPainter({}, "cheaper-1");
  beforeAll(async () => {
    clock.atMs = Date.parse("2026-03-29T12:00:00Z");
    const environment = { ...roomy, DAILY_BUDGET_USD: "0.20" };
    const parts = { painters: [usual, cheaper], prices: pricedAt(40_000, { "cheaper-1": 10_000 }) };
    house = await openQuickHouse({ clock, environment, parts });
    shopper = await comeAsShopper(house.url, { nowMs: clock.nowMs });
  });
  afterAll(() => house.close());

  const give = async () => shopper.give(await smallPhoto((photos += 1)));
  const get = async (id: string, wish = {}) => {
    const { status, body } = await shopper.ask(id, wish);
    expect(status).toBe(202);
    expect((await shopper.wait(body.portrait.id)).status).toBe("ready");
  };
  const refusal = async (id: string, wish = {}) => {
    const { status, body } = await shopper.ask(id, wish);
    return [status, (body as unknown as ErrorAnswer).error.code];
  };

  it("goes to the cheaper model from 70 %, to no new takes from 85 %, and to its last micro-dollar", async () => {
    const first = await give();
    await get(first);
    for (let n = 0; n < 3; n++) await get(await give());
    expect([usual.calls.length, cheaper.calls.length]).toEqual([4, 0]);

    await get(await give(), { take: 2 });
    expect([usual.calls.length, cheaper.calls.length]).toEqual([4, 1]);
    expect(await refusal(first, { take: 2 })).toEqual([503, "budget_spent"]);

    for (let n = 0; n < 3; n++) await get(await give());
    expect([usual.calls.length, cheaper.calls.length]).toEqual([4, 4]);
    expect(await refusal(await give())).toEqual([503, "budget_spent"]);

    expect((await shopper.ask(first)).status).toBe(200);
    expect((await shopper.ask(first, { take: 9, pending: true })).status).toBe(201);
    const { _sum: sum } = await house.rows.attempt.aggregate({ _sum: { costMicroUsd: true } });
    expect(sum.costMicroUsd).toBe(200_000n);
  });

  it("still gives at once what the usual model painted before, and what the cheaper one did", async () => {
    const made = await house.rows.portrait.findMany({ where: { status: "ready", take: 1 } });
    for (const model of ["preview-1", "cheaper-1"]) {
      const photos = made.find((portrait) => portrait.model === model)?.photos as { photoId: string }[];
      expect((await shopper.ask(photos[0]?.photoId ?? "")).status).toBe(200);
    }
  });
});

describe("the money of the whole installation", () => {
  let house: QuickHouse;
  let photos = 3_700;
  const usual = createQuickPainter();
  const cheaper = createQuickPainter({}, "cheaper-1");
  const shops = new Map<string, TestShopper>();
  beforeAll(async () => {
    clock.atMs = Date.parse("2026-03-29T12:00:00Z");
    const environment = { ...roomy, INSTALLATION_DAILY_BUDGET_USD: "0.20" };
    const parts = { painters: [usual, cheaper], prices: pricedAt(40_000, { "cheaper-1": 10_000 }) };
    house = await openQuickHouse({ clock, environment, parts });
    for (const name of ["one", "two"])
      shops.set(name, await comeAsShopper(house.url, { shop: `${name}.myshopify.com`, nowMs: clock.nowMs }));
  });
  afterAll(() => house.close());

  const shopperIn = (shop: string) => shops.get(shop) as TestShopper;
  const give = async (shop: string) => shopperIn(shop).give(await smallPhoto((photos += 1)));
  const get = async (shop: string, id: string) => {
    const { status, body } = await shopperIn(shop).ask(id);
    expect(status).toBe(202);
    expect((await shopperIn(shop).wait(body.portrait.id)).status).toBe("ready");
  };
  const refusal = async (shop: string, id: string, wish = {}) => {
    const { status, body } = await shopperIn(shop).ask(id, wish);
    return [status, (body as unknown as ErrorAnswer).error.code];
  };

  it("says at start that a shop's own can never be spent", () => {
    const odd = house.said.filter(({ event }) => event === "odd budget");
    expect(odd.map(({ facts }) => facts.said)).toEqual([
      "INSTALLATION_DAILY_BUDGET_USD ($0.20) is less than DAILY_BUDGET_USD ($10.00), which can never be spent.",
    ]);
  });

  it("runs out for both shops in the same steps, to its last micro-dollar, and leaves what is painted", async () => {
    const first = await give("one");
    await get("one", first);
    await get("one", await give("one"));
    for (let n = 0; n < 2; n++) await get("two", await give("two"));
    expect([usual.calls.length, cheaper.calls.length]).toEqual([4, 0]);

    await get("one", await give("one"));
    expect([usual.calls.length, cheaper.calls.length]).toEqual([4, 1]);
    expect(await refusal("one", first, { take: 2 })).toEqual([503, "budget_spent"]);

    // Three calls of the cheaper model fit, of whichever shop; the rest of a crowd is refused.
    const crowd = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const shop = n % 2 === 0 ? "one" : "two";
        return { shop, ...(await shopperIn(shop).ask(await give(shop))) };
      }),
    );
    const accepted = crowd.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(3);
    for (const { shop, body } of accepted) expect((await shopperIn(shop).wait(body.portrait.id)).status).toBe("ready");
    for (const shop of shops.keys()) expect(await refusal(shop, await give(shop))).toEqual([503, "budget_spent"]);
    expect((await shopperIn("one").ask(first)).status).toBe(200);
    expect((await shopperIn("two").ask(await give("two"), { pending: true })).status).toBe(201);
    const { _sum: sum } = await house.rows.attempt.aggregate({ _sum: { costMicroUsd: true } });
    expect(sum.costMicroUsd).toBe(200_000n);
  });
});

describe("a shop's money for the month", () => {
  let house: QuickHouse;
  let photos = 3_900;
  beforeAll(async () => {
    clock.atMs = Date.parse("2026-03-28T12:00:00Z");
    const environment = { ...roomy, DAILY_BUDGET_USD: "0.05", MONTHLY_BUDGET_USD: "0.08" };
    house = await openQuickHouse({ clock, environment, parts: { prices: pricedAt(40_000) } });
  });
  afterAll(() => house.close());

  it("is a limit as well: what is left waits for the next month, orders do not", async () => {
    for (const day of ["28", "29"]) {
      clock.atMs = Date.parse(`2026-03-${day}T12:00:00Z`);
      const shopper = await comeAsShopper(house.url, { nowMs: clock.nowMs });
      const { status, body } = await shopper.ask(await shopper.give(await smallPhoto((photos += 1))));
      expect(status).toBe(202);
      expect((await shopper.wait(body.portrait.id)).status).toBe("ready");
    }
    clock.atMs = Date.parse("2026-03-30T18:00:00Z");
    const shopper = await comeAsShopper(house.url, { nowMs: clock.nowMs });
    const photo = await shopper.give(await smallPhoto((photos += 1)));
    const refused = await shopper.ask(photo);
    expect(refused.status).toBe(503);
    expect((refused.body as unknown as ErrorAnswer).error).toMatchObject({
      code: "budget_spent",
      message: "No more portraits can be painted this month. You can still order now, and we paint it after.",
      retry_at: "2026-04-01T00:00:00.000Z",
    });
    expect(Number(refused.headers.get("Retry-After"))).toBe(30 * 3_600);
    expect((await shopper.ask(photo, { pending: true })).status).toBe(201);

    clock.atMs = Date.parse("2026-04-01T00:00:00Z");
    const next = await comeAsShopper(house.url, { nowMs: clock.nowMs, session: shopper.session.session });
    expect((await next.ask(await next.give(await smallPhoto((photos += 1))))).status).toBe(202);
  });
});
