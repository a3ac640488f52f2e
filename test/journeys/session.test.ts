import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer, SessionJson } from "#app/http/storefront-api.ts";
import { openQuickHouse, type QuickHouse } from "#test/builders/quick-house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { comeAsShopper, signedQuery, type TestShopper } from "#test/builders/storefront.ts";

const day = 24 * 60 * 60 * 1000;
const clock = stoppedClock(Date.parse("2026-03-29T12:00:00Z"));

describe("a visit", () => {
  let house: QuickHouse;
  beforeAll(async () => {
    house = await openQuickHouse({ clock });
  });
  afterAll(() => house.close());
  const come = (who: { session?: string; customer?: string; shop?: string } = {}) =>
    comeAsShopper(house.url, { ...who, nowMs: clock.nowMs });
  const idOf = (token: string) => token.split(".")[1];

  it("begins with who the shopper is, what they can choose and what is left", async () => {
    const { session } = await come();
    expect(Object.keys(session).sort()).toEqual(
      ["customer", "limits", "quota", "session", "strategy", "styles", "upload"].sort(),
    );
    expect(session).toMatchObject({
      customer: false,
      upload: "proxy",
      limits: {
        max_bytes: 20_000_000,
        min_side: 256,
        max_side: 4096,
        max_photos: 3,
        accept: ["image/jpeg", "image/png", "image/webp", "image/avif"],
      },
      quota: { limit: 3, used: 0, remaining: 3, level: "plenty", blocked_by: null, retry_at: null },
    });
    expect(session.quota?.resets_at).toBe("2026-03-30T00:00:00.000Z");
    expect(session.styles.length).toBeGreaterThan(1);
    for (const style of session.styles) {
      expect(Object.keys(style).sort()).toEqual(["description", "id", "name", "revision", "sample_url"]);
      expect(style.sample_url).toMatch(/^https?:\/\//);
    }
  });

  it("of a customer knows it, and has a customer's quota", async () => {
    const { session } = await come({ customer: "7001" });
    expect(session).toMatchObject({ customer: true, quota: { limit: 5, remaining: 5 } });
  });

  it("goes on with the same session, renewed", async () => {
    const first = await come();
    clock.atMs += day;
    const again = await come({ session: first.session.session });
    expect(idOf(again.session.session)).toBe(idOf(first.session.session));
    expect(again.session.session).not.toBe(first.session.session);
  });

  it("is over after seven days, and a renewed one is not", async () => {
    const left = await come();
    const renewed = await come({ session: (await come()).session.session });
    clock.atMs += 6 * day;
    const kept = await come({ session: renewed.session.session });
    clock.atMs += day;
    const late = await left.call<ErrorAnswer>("GET", "portraits", { query: { session: left.session.session } });
    expect(late).toMatchObject({ status: 401, body: { error: { code: "session_required" } } });
    expect((await kept.call("GET", "portraits")).status).toBe(200);
    expect(idOf(kept.session.session)).toBe(idOf(renewed.session.session));
  });

  it("begins anew where the given session is over", async () => {
    const old = await come();
    clock.atMs += 7 * day;
    const anew = await come({ session: old.session.session });
    expect(idOf(anew.session.session)).not.toBe(idOf(old.session.session));
  });

  it.each([
    ["no session", undefined],
    ["a forged one", `v1.ses_${"A".repeat(22)}.4000000000.${"A".repeat(43)}`],
  ])("with %s comes to no door but the first", async (_name, session) => {
    const doors = [
      ["GET", "portraits"],
      ["POST", "portraits"],
      ["GET", "portraits/por_1"],
      ["DELETE", "portraits/por_1"],
      ["POST", "photos"],
      ["DELETE", "photos"],
      ["POST", "uploads"],
      ["POST", "photos/received"],
      ["POST", "events"],
    ] as const;
    for (const [method, path] of doors) {
      const query = signedQuery({ session, timestamp: String(clock.atMs / 1000) });
      const response = await fetch(`${house.url}/proxy/${path}?${query}`, { method });
      expect(response.status, `${method} ${path}`).toBe(401);
      expect(((await response.json()) as ErrorAnswer).error.code).toBe("session_required");
    }
  });

  it("with another shop's session is none", async () => {
    const elsewhere = await come({ shop: "other-shop.myshopify.com" });
    const here = await come();
    const answer = await here.call("GET", "portraits", { query: { session: elsewhere.session.session } });
    expect(answer.status).toBe(401);
  });

  it("is answered in plain JSON that nobody keeps, with no cookie and no way on", async () => {
    const shopper = await come();
    const answers = [
      await shopper.call<SessionJson>("GET", "session"),
      await shopper.call("GET", "portraits"),
      await shopper.call("GET", "portraits/por_unknown"),
      await shopper.call("GET", "nowhere"),
    ];
    for (const { headers } of answers) {
      expect(headers.get("Content-Type")).toMatch(/^application\/json/);
      expect(headers.get("Cache-Control")).toBe("no-store");
      expect(headers.get("Set-Cookie")).toBeNull();
      expect(headers.get("Location")).toBeNull();
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404]);
  });

  it("counts what happens in the widget, by a closed list of names", async () => {
    const shopper = await come();
    for (const name of ["widget_viewed", "photo_chosen", "portrait_shown", "added_to_cart"]) {
      expect((await shopper.call("POST", "events", { body: { name } })).status).toBe(204);
    }
    const unknown = await shopper.call<ErrorAnswer>("POST", "events", { body: { name: "order_paid" } });
    expect(unknown).toMatchObject({ status: 422, body: { error: { code: "body_invalid", field: "name" } } });
  });

  it("counts once what a browser tells again under the same key", async () => {
    const [shopper, other] = [await come(), await come()];
    const key = "the-key-of-an-event";
    const [viewed, shown] = [
      { name: "widget_viewed" },
      { name: "portrait_shown", portrait_id: `por_${"A".repeat(22)}` },
    ];
    const tell = async (by: TestShopper, body: object, query = {}) => {
      const before = await house.rows.storefrontEvent.count();
      expect((await by.call("POST", "events", { body, query })).status).toBe(204);
      return (await house.rows.storefrontEvent.count()) - before;
    };
    expect([await tell(shopper, viewed, { key }), await tell(shopper, viewed, { key })]).toEqual([1, 0]);
    expect([await tell(shopper, shown, { key }), await tell(other, viewed, { key })]).toEqual([1, 1]);
    expect([await tell(shopper, viewed, { key: `${key}-2` }), await tell(shopper, viewed)]).toEqual([1, 1]);
  });

  it("is offered no direct upload where photos lie in a folder", async () => {
    const shopper = await come();
    for (const path of ["uploads", "photos/received"]) {
      const answer = await shopper.call<ErrorAnswer>("POST", path, { body: { bytes: 1, content_type: "image/jpeg" } });
      expect(answer).toMatchObject({ status: 404, body: { error: { code: "not_offered" } } });
    }
  });
});
