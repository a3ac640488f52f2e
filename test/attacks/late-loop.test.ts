import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer } from "#app/http/storefront-api.ts";
import { lateMs } from "#app/http/loop-delay.ts";
import { catPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

/** More work than the process can do: every turn of its loop takes longer than it may. */
describe("a process that cannot keep up", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let photo: string;
  let portrait: string;
  let isBusy = true;
  beforeAll(async () => {
    house = await openQuickHouse({ shedsWhenLate: true });
    shopper = await comeAsShopper(house.url);
    photo = await shopper.give(catPhoto);
    portrait = (await shopper.ask(photo)).body.portrait.id;
    await shopper.wait(portrait);
    spin();
    await until(() => house.built.house.isOverloaded());
  });
  afterAll(async () => {
    isBusy = false;
    await house.close();
  });

  function spin(): void {
    if (!isBusy) return;
    const end = performance.now() + lateMs + 50;
    while (performance.now() < end);
    setTimeout(spin);
  }

  it.each(["photos", "photos/received", "portraits", "uploads"])("turns new work away at %s", async (door) => {
    const { status, body, headers } = await shopper.call<ErrorAnswer>("POST", door, { body: { any: "thing" } });
    expect([status, body.error.code, headers.get("Retry-After")]).toEqual([503, "busy", "5"]);
    expect(headers.get("Connection")).toBe("close");
  });

  it("still tells how things stand, shows pictures, counts, cancels and forgets", async () => {
    const poll = await shopper.call<{ portrait: { image: { url: string } } }>("GET", `portraits/${portrait}`);
    expect(poll.status).toBe(200);
    const { pathname } = new URL(poll.body.portrait.image.url);
    expect((await fetch(`${house.url}${pathname}`)).status).toBe(200);
    expect((await fetch(`${house.url}/health`)).status).toBe(200);
    expect((await shopper.call("GET", "session")).status).toBe(200);
    expect((await shopper.call("GET", "portraits")).status).toBe(200);
    expect((await shopper.call("POST", "events", { body: { name: "widget_viewed" } })).status).toBe(204);
    expect((await shopper.call("DELETE", `portraits/${portrait}`)).status).toBe(200);
    expect((await shopper.call("DELETE", "photos")).status).toBe(200);
  });

  it("does not tell who has not signed that it is busy", async () => {
    expect((await fetch(`${house.url}/proxy/photos`, { method: "POST", body: "x" })).status).toBe(401);
  });

  it("takes new work again once it keeps up, and both turns are in the log", async () => {
    isBusy = false;
    await until(() => !house.built.house.isOverloaded());
    expect(await shopper.give(catPhoto)).toMatch(/^pht_/);
    const turns = house.said.filter(({ event }) => event === "event loop").map(({ facts }) => facts.isLate);
    expect(turns).toEqual([true, false]);
  });
});
