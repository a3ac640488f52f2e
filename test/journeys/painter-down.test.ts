import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorAnswer } from "#app/http/storefront-api.ts";
import { providerDown } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

const quickly = { pause: { firstMs: 1, longestMs: 2 }, openForMs: { first: 1_500, longest: 1_500 } };
const outage = () => providerDown({ remedy: "retry", providerIsDown: true });

describe("a painter that is down", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let photos = 5_000;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy, parts: { guard: quickly } });
    shopper = await comeAsShopper(house.url);
  });
  afterAll(() => house.close());
  beforeEach(() => void (house.painter.plan.fails = () => undefined));

  const give = async () => shopper.give(await smallPhoto((photos += 1)));
  const get = async (id: string) => {
    const { body } = await shopper.ask(id);
    return shopper.wait(body.portrait.id);
  };

  it("for a moment is not noticed: the call is made again, and one unit is charged", async () => {
    const before = house.painter.calls.length;
    house.painter.plan.fails = (call) => (call <= before + 2 ? outage() : undefined);
    expect((await get(await give())).status).toBe("ready");
    expect(house.painter.calls.length).toBe(before + 3);
    expect((await shopper.quota()).used).toBe(1);
    expect(await house.rows.attempt.groupBy({ by: ["outcome"], _count: true, orderBy: { outcome: "asc" } })).toEqual([
      { outcome: "failed", _count: 2 },
      { outcome: "painted", _count: 1 },
    ]);
  });

  it("is asked ten times and then left alone: 503 busy, cached and pending go on, nothing is charged", async () => {
    const kept = await give();
    await get(kept);
    const before = { calls: house.painter.calls.length, used: (await shopper.quota()).used };
    house.painter.plan.fails = () => outage();
    for (let n = 0; n < 5; n++) {
      const { status, body } = await shopper.ask(await give());
      if (status === 503) break;
      expect((await shopper.wait(body.portrait.id)).status).toBe("failed");
    }
    expect(house.painter.calls.length).toBeLessThanOrEqual(before.calls + 10);

    const refused = await shopper.ask(await give());
    expect(refused.status).toBe(503);
    const { error } = refused.body as unknown as ErrorAnswer;
    expect(error).toMatchObject({ code: "busy" });
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await shopper.ask(kept)).status).toBe(200);
    expect((await shopper.ask(await give(), { pending: true })).status).toBe(201);
    await until(async () => (await shopper.quota()).used === before.used);
  });

  it("and comes back is asked again by itself", async () => {
    await until(async () => {
      const { status, body } = await shopper.ask(await give());
      return status === 202 && (await shopper.wait(body.portrait.id)).status === "ready";
    });
    expect(house.said.some(({ event }) => event === "painter breaker closed")).toBe(true);
  });
});

describe("a house with more work than it can do", () => {
  let house: QuickHouse;
  beforeAll(async () => {
    house = await openQuickHouse({
      environment: { ...roomy, MOST_WAITING: "3", PAINT_CONCURRENCY: "1" },
      plan: { takesMs: 600_000 },
    });
  });
  afterEach(() => house.painter.letGo());
  afterAll(() => house.close());

  it("refuses what would only wait: 503 busy with Retry-After, and takes more when it has room", async () => {
    const shopper = await comeAsShopper(house.url);
    const ask = async (n: number) => shopper.ask(await shopper.give(await smallPhoto(5_500 + n)));
    await ask(0);
    await until(() => house.painter.calls.length === 1);
    const waiting = [await ask(1), await ask(2), await ask(3)];
    expect(waiting.map(({ status }) => status)).toEqual([202, 202, 202]);
    const refused = await ask(4);
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "20"]);
    expect((refused.body as unknown as ErrorAnswer).error.code).toBe("busy");
    expect((await ask(3)).status, "who waits already is not refused").toBe(202);

    house.painter.plan.takesMs = 0;
    house.painter.letGo();
    for (const { body } of waiting) expect((await shopper.wait(body.portrait.id)).status).toBe("ready");
    expect((await ask(4)).status).toBe(202);
  });
});
