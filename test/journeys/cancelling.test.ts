import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PortraitAnswer, PortraitPollAnswer } from "#app/http/storefront-api.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { providerDown } from "#test/builders/painter.ts";
import { pricedAt } from "#test/builders/prices.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

describe("a portrait that is no longer wanted", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let photos = 500;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: { ...roomy, PAINT_CONCURRENCY: "1" } });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    house.painter.plan = { takesMs: 0, fails: () => undefined };
    shopper = await comeAsShopper(house.url);
  });
  const newPhoto = async (of = shopper) => of.give(await smallPhoto((photos += 1)));
  const cancel = (id: string, of = shopper) => of.call<PortraitAnswer>("DELETE", `portraits/${id}`);
  const stageOf = async (id: string, of = shopper) =>
    (await of.call<PortraitPollAnswer>("GET", `portraits/${id}`)).body.portrait.stage;
  const outcomes = async () =>
    (await house.rows.attempt.findMany({ orderBy: { startedAt: "asc" } })).map(({ outcome }) => outcome);

  it("is cancelled in the queue: never painted, and given back", async () => {
    house.painter.plan.takesMs = 60_000;
    const before = house.painter.calls.length;
    const first = await shopper.ask(await newPhoto());
    const second = await shopper.ask(await newPhoto());
    expect((await cancel(second.body.portrait.id)).body.portrait.status).toBe("cancelled");
    expect(await shopper.quota()).toMatchObject({ used: 1 });
    await until(async () => (await stageOf(first.body.portrait.id)) === "painting");
    house.painter.plan.takesMs = 0;
    house.painter.letGo();
    expect((await shopper.wait(first.body.portrait.id)).status).toBe("ready");
    const third = await shopper.ask(await newPhoto());
    await shopper.wait(third.body.portrait.id);
    expect(house.painter.calls).toHaveLength(before + 2);
  });

  it("is cancelled while it is painted: the painter is stopped, and it is given back", async () => {
    house.painter.plan.takesMs = 60_000;
    const asked = await shopper.ask(await newPhoto());
    await until(async () => (await stageOf(asked.body.portrait.id)) === "painting");
    expect((await cancel(asked.body.portrait.id)).body.portrait).toMatchObject({ status: "cancelled", stage: null });
    await until(async () => (await shopper.quota()).used === 0);
    expect((await outcomes()).at(-1)).toBe("aborted");
  });

  it("may be wished for again at once, and is made without a wait", async () => {
    house.painter.plan.takesMs = 60_000;
    const photoId = await newPhoto();
    const asked = await shopper.ask(photoId);
    await until(async () => (await stageOf(asked.body.portrait.id)) === "painting");
    await cancel(asked.body.portrait.id);
    house.painter.plan.takesMs = 0;
    const again = await shopper.ask(photoId);
    expect(again.body.portrait.id).not.toBe(asked.body.portrait.id);
    expect((await shopper.wait(again.body.portrait.id)).status).toBe("ready");
    await until(async () => (await shopper.quota()).used === 1);
  });

  it("leaves the list after it was ready, and stays charged", async () => {
    const asked = await shopper.ask(await newPhoto());
    await shopper.wait(asked.body.portrait.id);
    expect((await cancel(asked.body.portrait.id)).body.portrait.status).toBe("ready");
    expect(await shopper.quota()).toMatchObject({ used: 1 });
  });

  it("goes on being made where somebody else still waits for it, and is theirs to pay", async () => {
    house.painter.plan.takesMs = 60_000;
    const other = await comeAsShopper(house.url);
    const bytes = await smallPhoto((photos += 1));
    const mine = await shopper.ask(await shopper.give(bytes));
    const theirs = await other.ask(await other.give(bytes));
    await until(async () => (await stageOf(mine.body.portrait.id)) === "painting");
    await cancel(mine.body.portrait.id);
    expect(await shopper.quota()).toMatchObject({ used: 0 });
    house.painter.letGo();
    expect((await other.wait(theirs.body.portrait.id)).status).toBe("ready");
    expect(await other.quota()).toMatchObject({ used: 1 });
    expect(await shopper.quota()).toMatchObject({ used: 0 });
  });

  it("is charged where the picture was painted before anybody could stop it: a second wish finds it, and no unit is lost or won", async () => {
    // A painter that does not hear: as if the cancel came through another instance.
    house.painter.plan.takesMs = 60_000;
    house.painter.plan.deaf = true;
    const photoId = await newPhoto();
    const asked = await shopper.ask(photoId);
    await until(async () => (await stageOf(asked.body.portrait.id)) === "painting");
    expect((await cancel(asked.body.portrait.id)).body.portrait.status).toBe("cancelled");
    // Nobody can be sure yet that nothing was painted, so nothing is given back.
    expect(await shopper.quota()).toMatchObject({ used: 1 });
    house.painter.letGo();
    const requestId = asked.body.portrait.id;
    await until(async () => (await house.rows.quotaEntry.count({ where: { requestId, state: "done" } })) > 0);
    expect(await shopper.ask(photoId)).toMatchObject({ status: 200, body: { portrait: { cached: true } } });
    expect(await shopper.quota()).toMatchObject({ used: 1 });
  });
});

describe("a portrait that costs money and is no longer wanted", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy, parts: { prices: pricedAt(40_000), guard: slowly } });
    shopper = await comeAsShopper(house.url);
  });
  afterAll(() => house.close());
  // A pause between two attempts that is long enough to leave in.
  const slowly = { pause: { firstMs: 60_000, longestMs: 60_000 }, random: () => 0.99 };

  it("is painted to its end once the painter has been asked, kept, and charged to who left: no bill without a unit", async () => {
    house.painter.plan.takesMs = 600_000;
    const photo = await shopper.give(await smallPhoto(551));
    const asked = await shopper.ask(photo);
    await until(() => house.painter.calls.length === 1);
    await shopper.call("DELETE", `portraits/${asked.body.portrait.id}`);
    expect(house.painter.calls[0]?.signal.aborted).toBe(false);
    house.painter.letGo();
    await until(async () => (await house.rows.quotaEntry.count({ where: { tier: "day", state: "done" } })) === 1);
    expect(await house.rows.attempt.findMany()).toMatchObject([{ outcome: "painted", costMicroUsd: 40_000n }]);
    expect((await shopper.ask(photo)).status).toBe(200);
  });

  it("is not asked for a second time when its shopper leaves in the pause after a failure", async () => {
    house.painter.plan.takesMs = 0;
    house.painter.plan.fails = () => providerDown({ remedy: "retry" });
    const before = { calls: house.painter.calls.length, used: (await shopper.quota()).used };
    const asked = await shopper.ask(await shopper.give(await smallPhoto(552)));
    await until(() => house.said.some(({ event }) => event === "painter retried"));
    await shopper.call("DELETE", `portraits/${asked.body.portrait.id}`);
    await until(async () => (await shopper.quota()).used === before.used);
    expect(house.painter.calls.length).toBe(before.calls + 1);
  });
});
