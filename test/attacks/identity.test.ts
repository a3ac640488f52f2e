import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer, PhotoAnswer, PortraitListAnswer } from "#app/http/storefront-api.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, type QuickHouse } from "#test/builders/quick-house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { comeAsShopper, signedQuery, testShop, type TestShopper } from "#test/builders/storefront.ts";

const clock = stoppedClock(Date.parse("2026-03-29T12:00:00Z"));

describe("somebody who says they are somebody else", () => {
  let house: QuickHouse;
  let victim: TestShopper;
  let victimsPhoto: string;
  let number = 100;
  beforeAll(async () => {
    house = await openQuickHouse({ clock });
    victim = await come({ customer: "42" });
    victimsPhoto = await victim.give(await smallPhoto(1), { source_sha256: "aa".repeat(32) });
  });
  afterAll(() => house.close());
  const come = (who: Parameters<typeof comeAsShopper>[1] = {}) =>
    comeAsShopper(house.url, { ...who, nowMs: clock.nowMs });

  it("in the body is not heard: shop, customer and address there mean nothing (13)", async () => {
    const attacker = await come();
    const claims = {
      customer: "42",
      customerId: "42",
      logged_in_customer_id: "42",
      shopper: "c:42",
      shop: "other-shop.myshopify.com",
      address: "1.1.1.1",
      session: victim.session.session,
    };
    const stolen = await attacker.ask(victimsPhoto, claims);
    expect(stolen).toMatchObject({ status: 409, body: { error: { code: "photo_needed" } } });
    const own = await attacker.ask(await attacker.give(await smallPhoto((number += 1))), claims);
    expect(own.status).toBe(202);
    const row = await house.rows.portrait.findUniqueOrThrow({ where: { id: own.body.portrait.id } });
    expect(row.shop).toBe(testShop);
    expect(row.shopper).toMatch(/^s:ses_/);
    expect((await victim.call<PortraitListAnswer>("GET", "portraits")).body.portraits).toEqual([]);
  });

  it("in a body that reaches for the prototype changes nothing", async () => {
    const attacker = await come();
    const id = await attacker.give(await smallPhoto((number += 1)));
    const body = `{"__proto__":{"pending":true,"customer":"42"},"constructor":{"prototype":{"x":1}},"photos":[{"id":"${id}"}],"style":"ink_wash"}`;
    const answer = await attacker.call("POST", "portraits", { body: Buffer.from(body) });
    expect(answer.status).toBe(202);
    expect(({} as { pending?: boolean }).pending).toBeUndefined();
  });

  it("with a token that is forged, another shop's or too old comes in nowhere (14)", async () => {
    const here = await come();
    const elsewhere = await come({ shop: "other-shop.myshopify.com" });
    const [version, id, end, signature] = here.session.session.split(".");
    const forged = [
      elsewhere.session.session,
      `${version}.${id}.${Number(end) + 1}.${signature}`,
      `${version}.ses_${"A".repeat(22)}.${end}.${signature}`,
      victim.session.session.slice(0, -1),
    ];
    for (const session of forged) {
      const answer = await here.call<ErrorAnswer>("GET", "portraits", { query: { session } });
      expect(answer).toMatchObject({ status: 401, body: { error: { code: "session_required" } } });
    }
    clock.atMs += 7 * 24 * 3_600_000;
    expect((await here.call("GET", "portraits")).status).toBe(401);
  });

  it("with a customer's token and no customer signed is a guest, and sees nothing of theirs", async () => {
    const asCustomer = await come({ customer: "4242" });
    await asCustomer.give(await smallPhoto((number += 1)), { source_sha256: "bb".repeat(32) });
    const thief = await come({ session: asCustomer.session.session });
    const wish = { photos: [{ source_sha256: "bb".repeat(32) }], style: "ink_wash" };
    expect((await thief.call("POST", "portraits", { body: wish })).status).toBe(409);
  });

  it("as many fresh guests at one address is stopped by the address (15)", async () => {
    const address = "192.0.2.15";
    const answers: number[] = [];
    for (let n = 0; n < 30; n++) {
      const guest = await come({ address });
      answers.push((await guest.ask(await guest.give(await smallPhoto((number += 1))))).status);
    }
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 202), ...Array.from({ length: 10 }, () => 429)]);
  });

  it("by writing addresses into X-Forwarded-For moves nothing: Shopify's own stands last (16)", async () => {
    const address = "192.0.2.16";
    const answers: number[] = [];
    for (let n = 0; n < 22; n++) {
      const guest = await come({ address: `10.1.2.${n}, ${address}` });
      answers.push((await guest.ask(await guest.give(await smallPhoto((number += 1))))).status);
    }
    expect(answers.filter((status) => status === 202)).toHaveLength(20);
    const unsigned = await fetch(`${house.url}/proxy/session`, {
      headers: { "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": testShop },
    });
    expect(unsigned.status).toBe(401);
  });

  it("by sending a hash gets no photo for it: the hash is ours, of the bytes that came (19)", async () => {
    const attacker = await come();
    const victimsHash = (await house.rows.photo.findUniqueOrThrow({ where: { id: victimsPhoto } })).sha256;
    for (const hash of [victimsHash, "aa".repeat(32)]) {
      const body = { photos: [{ source_sha256: hash }], style: "ink_wash" };
      expect((await attacker.call("POST", "portraits", { body })).status).toBe(409);
    }
    const bytes = await smallPhoto((number += 1));
    const taken = await attacker.call<PhotoAnswer>("POST", "photos", {
      body: bytes,
      query: { source_sha256: victimsHash },
    });
    expect(taken.body.photo.sha256).not.toBe(victimsHash);
    const wish = { photos: [{ source_sha256: victimsHash }], style: "ink_wash" };
    await attacker.call("POST", "portraits", { body: wish });
    const own = await house.rows.portrait.findFirst({
      where: { photos: { path: ["0", "photoId"], equals: victimsPhoto } },
    });
    expect(own).toBeNull();
  });

  it("by naming an address to fetch is not obeyed: there is nothing that fetches (32)", async () => {
    const attacker = await come();
    const id = await attacker.give(await smallPhoto((number += 1)));
    for (const target of [
      "http://169.254.169.254/latest/meta-data",
      "file:///etc/passwd",
      "http://127.0.0.1:1/",
      "gopher://x",
    ]) {
      for (const field of ["url", "imageUrl", "image_url", "src"]) {
        const answer = await attacker.ask(id, { photos: [{ [field]: target }] });
        expect(answer).toMatchObject({ status: 422, body: { error: { code: "body_invalid" } } });
      }
      const text = await attacker.call<ErrorAnswer>("POST", "photos", { body: Buffer.from(target) });
      expect(text).toMatchObject({ status: 415, body: { error: { code: "photo_type" } } });
    }
  });

  it("with names of devils in every field is refused, and nothing of it is kept or said (31, 34)", async () => {
    const attacker = await come();
    const names = [
      "../../x",
      "a\r\nSet-Cookie: x=1",
      "<img src=x onerror=1>",
      "=cmd|' /C calc'!A0",
      "\u202egnp.exe",
      "\u0000",
      "😀".repeat(500),
      "ü".repeat(1_000),
    ];
    const before = await house.rows.storefrontEvent.count();
    for (const name of names) {
      expect((await attacker.call("POST", "events", { body: { name } })).status).toBe(422);
      expect(
        (await attacker.call("POST", "events", { body: { name: "widget_viewed", portrait_id: name } })).status,
      ).toBe(422);
      expect((await attacker.ask(name)).status).toBe(422);
      expect((await attacker.ask("x", { photos: [{ source_sha256: name }] })).status).toBe(422);
      expect([401, 404]).toContain((await attacker.call("GET", `portraits/${encodeURIComponent(name)}`)).status);
      expect((await fetch(`${house.url}/images/${encodeURIComponent(name)}`)).status).toBe(404);
    }
    expect(await house.rows.storefrontEvent.count()).toBe(before);
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("may not keep a signed address for later: after 90 seconds it is worth nothing", async () => {
    const query = signedQuery({ timestamp: String(Math.floor(clock.atMs / 1000)) });
    expect((await fetch(`${house.url}/proxy/session?${query}`)).status).toBe(200);
    clock.atMs += 91_000;
    expect((await fetch(`${house.url}/proxy/session?${query}`)).status).toBe(401);
  });
});
