import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorAnswer, PortraitAnswer, QuotaJson } from "#app/http/storefront-api.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";
import { providerDown } from "#test/builders/painter.ts";

const minute = 60_000;
const clock = stoppedClock(Date.parse("2026-03-29T12:00:00Z"));
type Refused = ErrorAnswer & PortraitAnswer & { quota: QuotaJson };

describe("what passes a shopper's limits", () => {
  let house: QuickHouse;
  let photos = 2_000;
  let customers = 8_000;
  beforeAll(async () => {
    house = await openQuickHouse({ clock });
  });
  afterAll(() => house.close());
  beforeEach(() => (clock.atMs = Date.parse("2026-03-29T12:00:00Z")));

  const come = (who: { customer?: string; session?: string; address?: string } = {}) =>
    comeAsShopper(house.url, { address: `198.51.100.${(photos % 250) + 1}`, ...who, nowMs: clock.nowMs });
  const comeAsCustomer = () => come({ customer: String((customers += 1)) });
  const ask = async (shopper: TestShopper, wish = {}) => {
    const { status, body, headers } = await shopper.ask(await shopper.give(await smallPhoto((photos += 1))), wish);
    return { status, body: body as Refused, headers };
  };
  const get = async (shopper: TestShopper) => {
    const { status, body } = await ask(shopper);
    expect(status).toBe(202);
    expect((await shopper.wait(body.portrait.id)).status).toBe("ready");
  };

  it("is the fourth in ten minutes: 429 quota_burst, until the first is ten minutes old", async () => {
    const shopper = await comeAsCustomer();
    await get(shopper);
    clock.atMs += minute;
    await get(shopper);
    await get(shopper);
    const refused = await ask(shopper);
    expect(refused).toMatchObject({
      status: 429,
      body: {
        error: { code: "quota_burst", retry_at: "2026-03-29T12:10:00.000Z" },
        quota: { used: 3, blocked_by: "burst" },
      },
    });
    expect(refused.headers.get("Retry-After")).toBe("540");
    clock.atMs += 9 * minute;
    await get(shopper);
  });

  it("is the sixth of a customer on a UTC day: 429 quota_none, until midnight", async () => {
    const shopper = await comeAsCustomer();
    const levels = ["plenty", "plenty", "few", "last", "none"];
    for (const level of levels) {
      await get(shopper);
      expect((await shopper.quota()).level).toBe(level);
      clock.atMs += 11 * minute;
    }
    const refused = await ask(shopper);
    expect(refused.status).toBe(429);
    expect(refused.body.error).toMatchObject({ code: "quota_none", retry_at: "2026-03-30T00:00:00.000Z" });
    expect(refused.body.error.message).toMatch(/^[A-Z].*\.$/);
    expect(refused.body.quota).toEqual({
      limit: 5,
      used: 5,
      remaining: 0,
      level: "none",
      resets_at: "2026-03-30T00:00:00.000Z",
      blocked_by: "day",
      retry_at: "2026-03-30T00:00:00.000Z",
    });
    clock.atMs = Date.parse("2026-03-29T23:59:59.999Z");
    expect((await ask(shopper)).status).toBe(429);
    clock.atMs += 1;
    await get(shopper);
  });

  it("is the fourth of a guest on a UTC day, and no new session of a customer is a new quota", async () => {
    const guest = await come();
    for (let n = 0; n < 3; n++) {
      await get(guest);
      clock.atMs += 11 * minute;
    }
    expect(await ask(guest)).toMatchObject({
      status: 429,
      body: { error: { code: "quota_none" }, quota: { limit: 3 } },
    });

    const customer = String((customers += 1));
    for (let n = 0; n < 5; n++) await get(await come({ customer }));
    expect(await ask(await come({ customer }))).toMatchObject({ status: 429, body: { error: { code: "quota_none" } } });
  });

  it("is the twenty-first of all guests of an address: 429 quota_address", async () => {
    const address = "192.0.2.77";
    for (let n = 0; n < 20; n++) await get(await come({ address }));
    const refused = await ask(await come({ address }));
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: "quota_address" }, quota: { blocked_by: "address", used: 0 } },
    });
    await get(await come({ address: "192.0.2.78" }));
    await get(await come({ address, customer: String((customers += 1)) }));
  });

  it("is still given what is painted, and may be ordered as pending", async () => {
    const shopper = await comeAsCustomer();
    const photoId = await shopper.give(await smallPhoto((photos += 1)));
    const first = await shopper.ask(photoId);
    await shopper.wait(first.body.portrait.id);
    await get(shopper);
    await get(shopper);
    expect((await ask(shopper)).status).toBe(429);
    expect(await shopper.ask(photoId)).toMatchObject({ status: 200, body: { portrait: { cached: true } } });
    expect(await ask(shopper, { pending: true })).toMatchObject({
      status: 201,
      body: { portrait: { status: "pending" } },
    });
  });

  it("is not passed although the wishes waited longer than a lease: whose room is gone fails, and is not charged", async () => {
    const shopper = await comeAsCustomer();
    house.painter.plan.takesMs = 600_000;
    const before = house.painter.calls.length;
    const wishes = [await ask(shopper), await ask(shopper), await ask(shopper)];
    await until(() => house.painter.calls.length === before + 2);
    // Two are painted and one waits for its turn; the leases of all run out.
    clock.atMs += 2 * minute;
    for (let n = 0; n < 3; n++) wishes.push(await ask(shopper));
    expect(wishes.map(({ status }) => status)).toEqual(wishes.map(() => 202));
    house.painter.plan.takesMs = 0;
    await until(async () => {
      house.painter.letGo();
      return (await house.rows.portrait.count({ where: { status: { in: ["queued", "making"] } } })) === 0;
    });
    const ends = [];
    for (const { body } of wishes) ends.push((await shopper.wait(body.portrait.id)).error?.code ?? "ready");
    expect(ends).toEqual(["ready", "ready", "quota_burst", "ready", "ready", "ready"]);
    await until(async () => (await shopper.quota()).used === 3);
  });

  it("is not used up by failures", async () => {
    const shopper = await comeAsCustomer();
    house.painter.plan.fails = () => providerDown();
    for (let n = 0; n < 6; n++) {
      const { body } = await ask(shopper);
      expect((await shopper.wait(body.portrait.id)).status).toBe("failed");
      await until(async () => (await shopper.quota()).used === 0);
    }
    house.painter.plan.fails = () => undefined;
    for (let n = 0; n < 3; n++) await get(shopper);
  });
});
