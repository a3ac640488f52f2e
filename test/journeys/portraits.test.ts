import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorAnswer, PortraitAnswer, PortraitListAnswer, PortraitPollAnswer } from "#app/http/storefront-api.ts";
import { providerDown } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

describe("a portrait", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let photos = 100;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    house.painter.plan = { takesMs: 0, fails: () => undefined };
    shopper = await comeAsShopper(house.url);
  });

  const newPhoto = async (of = shopper) => of.give(await smallPhoto((photos += 1)));
  const callsFor = async (work: () => Promise<unknown>) => {
    const before = house.painter.calls.length;
    await work();
    return house.painter.calls.length - before;
  };
  const painted = async (wish = {}, of = shopper) => {
    const photoId = await newPhoto(of);
    const asked = await of.ask(photoId, wish);
    return { photoId, portrait: await of.wait(asked.body.portrait.id) };
  };
  const stageOf = async (id: string) =>
    (await shopper.call<PortraitPollAnswer>("GET", `portraits/${id}`)).body.portrait.stage;
  const picture = (url = "") => fetch(url.replace(house.config.appUrl, house.url));

  it("is accepted with everything that a widget shows, made, and charged once", async () => {
    const photoId = await newPhoto();
    house.painter.plan.takesMs = 300;
    const asked = await shopper.ask(photoId, { take: 2 });
    expect(asked.status).toBe(202);
    expect(Number(asked.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(asked.body.portrait).toMatchObject({ style: "ink_wash", take: 2, cached: false, image: null, error: null });
    expect(Object.keys(asked.body.portrait).sort()).toEqual(
      "id status stage style take cached painter background_kept image estimate_ms error created_at expires_at"
        .split(" ")
        .sort(),
    );
    const portrait = await shopper.wait(asked.body.portrait.id);
    expect(portrait).toMatchObject({
      status: "ready",
      stage: null,
      estimate_ms: null,
      image: { width: 1024, height: 1280 },
    });
    expect(portrait.created_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(Date.parse(portrait.expires_at) - Date.parse(portrait.created_at)).toBe(7 * 86_400_000);
    expect(await shopper.quota()).toMatchObject({ used: 1 });
    const shown = await picture(portrait.image?.url);
    expect(shown.status).toBe(200);
    expect(shown.headers.get("Content-Type")).toBe(portrait.image?.content_type);
    expect(portrait.image?.url).toMatch(/\/images\/img_[A-Za-z0-9_-]{22}$/);
  });

  it("passes through its stages in order, and a long poll wakes for each", async () => {
    house.painter.plan.takesMs = 60_000;
    const asked = await shopper.ask(await newPhoto());
    const seen = [asked.body.portrait.stage];
    let status: string = asked.body.portrait.status;
    while (status === "queued" || status === "making") {
      const poll = await shopper.call<PortraitPollAnswer>("GET", `portraits/${asked.body.portrait.id}`, {
        query: { wait_ms: "8000" },
      });
      ({ status } = poll.body.portrait);
      if (poll.body.portrait.stage === "painting") house.painter.letGo();
      if (seen.at(-1) !== poll.body.portrait.stage) seen.push(poll.body.portrait.stage);
      expect(poll.body.quota).toMatchObject({ used: 1 });
    }
    const order = ["waiting", "cutting_out", "painting", "saving", null];
    expect(seen.at(-1)).toBeNull();
    expect(seen).toContain("painting");
    expect(seen.map((stage) => order.indexOf(stage))).toEqual(seen.map((stage) => order.indexOf(stage)).sort());
  });

  it("that is there already is given at once, costs nothing and is one in the list", async () => {
    const { photoId, portrait } = await painted();
    const calls = await callsFor(async () => {
      const again = await shopper.ask(photoId);
      expect(again).toMatchObject({
        status: 200,
        body: { portrait: { id: portrait.id, status: "ready", cached: true } },
      });
    });
    expect(calls).toBe(0);
    expect(await shopper.quota()).toMatchObject({ used: 1 });
    const list = await shopper.call<PortraitListAnswer>("GET", "portraits");
    expect(list.body.portraits.map(({ id }) => id)).toEqual([portrait.id]);
  });

  it("leaves the list when it is deleted, and comes back free when it is wished for again", async () => {
    const { photoId, portrait } = await painted();
    const gone = await shopper.call<PortraitAnswer>("DELETE", `portraits/${portrait.id}`);
    expect(gone).toMatchObject({ status: 200, body: { portrait: { id: portrait.id, status: "ready" } } });
    expect((await shopper.call<PortraitListAnswer>("GET", "portraits")).body.portraits).toEqual([]);
    expect(await shopper.ask(photoId)).toMatchObject({ status: 200, body: { portrait: { cached: true } } });
    expect(await shopper.quota()).toMatchObject({ used: 1 });
    expect((await shopper.call<PortraitListAnswer>("GET", "portraits")).body.portraits).toHaveLength(1);
  });

  it("of another shopper or shop is at no address", async () => {
    const { portrait } = await painted();
    const strangers = [
      await comeAsShopper(house.url),
      await comeAsShopper(house.url, { shop: "other-shop.myshopify.com" }),
    ];
    for (const stranger of strangers) {
      for (const method of ["GET", "DELETE"]) {
        const answer = await stranger.call<ErrorAnswer>(method, `portraits/${portrait.id}`);
        expect(answer).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
      }
      expect((await stranger.call<PortraitListAnswer>("GET", "portraits")).body.portraits).toEqual([]);
    }
    expect((await shopper.call("GET", `portraits/${portrait.id}`)).status).toBe(200);
  });

  it("of a guest is theirs too once they have logged in, and their customer's when they come back", async () => {
    const { portrait } = await painted();
    const { session } = shopper.session;
    const loggedIn = await comeAsShopper(house.url, { session, customer: "7002" });
    const { portrait: asCustomer } = await painted({}, loggedIn);
    const ids = async (of: TestShopper) =>
      (await of.call<PortraitListAnswer>("GET", "portraits")).body.portraits.map(({ id }) => id);
    expect(await ids(loggedIn)).toEqual([asCustomer.id, portrait.id]);
    expect(Date.parse(asCustomer.expires_at) - Date.parse(asCustomer.created_at)).toBe(180 * 86_400_000);
    expect(await ids(await comeAsShopper(house.url, { customer: "7002" }))).toEqual([asCustomer.id]);
    expect(await ids(await comeAsShopper(house.url, { session }))).toEqual([portrait.id]);
  });

  it("that two shoppers want at once is painted once and charged to the one who asked first", async () => {
    house.painter.plan.takesMs = 60_000;
    const other = await comeAsShopper(house.url);
    const bytes = await smallPhoto((photos += 1));
    const [mine, theirs] = [await shopper.give(bytes), await other.give(bytes)];
    const calls = await callsFor(async () => {
      const first = await shopper.ask(mine);
      const second = await other.ask(theirs);
      expect([first.status, second.status]).toEqual([202, 202]);
      await until(async () => {
        house.painter.letGo();
        return (await stageOf(first.body.portrait.id)) === null;
      });
      const done = [await shopper.wait(first.body.portrait.id), await other.wait(second.body.portrait.id)];
      expect(done.map(({ status }) => status)).toEqual(["ready", "ready"]);
      expect(done[0]?.image?.url).not.toBe(done[1]?.image?.url);
    });
    expect(calls).toBe(1);
    await until(async () => (await other.quota()).used === 0);
    expect(await shopper.quota()).toMatchObject({ used: 1 });
  });

  it("that fails says so in a sentence, charges nothing, and can be tried again", async () => {
    house.painter.plan.fails = (call) => (call === house.painter.calls.length ? providerDown() : undefined);
    const photoId = await newPhoto();
    const asked = await shopper.ask(photoId);
    const failed = await shopper.wait(asked.body.portrait.id);
    expect(failed).toMatchObject({
      status: "failed",
      stage: null,
      image: null,
      error: { code: "provider_down", retryable: true },
    });
    expect(failed.error?.message).toMatch(/^[A-Z].*\.$/);
    await until(async () => (await shopper.quota()).used === 0);
    house.painter.plan.fails = () => undefined;
    const again = await shopper.ask(photoId);
    expect(again.status).toBe(202);
    expect((await shopper.wait(again.body.portrait.id)).status).toBe("ready");
    expect(await shopper.quota()).toMatchObject({ used: 1 });
    const rows = await house.rows.attempt.findMany({ orderBy: { startedAt: "desc" }, take: 2 });
    expect(rows.map(({ outcome }) => outcome)).toEqual(["painted", "failed"]);
  });

  it("can be ordered before it is painted: kept, not painted, not charged", async () => {
    const photoId = await newPhoto();
    const calls = await callsFor(async () => {
      const pending = await shopper.ask(photoId, { pending: true });
      expect(pending).toMatchObject({
        status: 201,
        body: { portrait: { status: "pending", stage: null, image: null } },
      });
      const poll = await shopper.call<PortraitPollAnswer>("GET", `portraits/${pending.body.portrait.id}`, {
        query: { wait_ms: "8000" },
      });
      expect(poll.body).toMatchObject({ portrait: { status: "pending" }, quota: { used: 0 } });
      const dropped = await shopper.call<PortraitAnswer>("DELETE", `portraits/${pending.body.portrait.id}`);
      expect(dropped.body.portrait.status).toBe("cancelled");
    });
    expect(calls).toBe(0);
  });

  it("that is promised again, because nobody heard of the first promise, is one promise", async () => {
    const [photoId, other] = [await newPhoto(), await newPhoto()];
    const promise = (key?: string, wish = {}) => shopper.ask(photoId, { pending: true, ...wish }, key ? { key } : {});
    const first = await promise();
    const twins = await Promise.all([promise(), promise(), promise("another-key-of-the-same"), promise()]);
    expect(twins.map(({ status, body }) => [status, body.portrait.id])).toEqual(
      twins.map(() => [201, first.body.portrait.id]),
    );
    const others = [await promise(undefined, { take: 2 }), await shopper.ask(other, { pending: true })];
    const { body } = await shopper.call<PortraitListAnswer>("GET", "portraits");
    const listed = body.portraits.filter(({ status }) => status === "pending").map(({ id }) => id);
    expect(listed.sort()).toEqual([first, ...others].map((answer) => answer.body.portrait.id).sort());
  });

  it("tells how long it will still take from what was measured, and never a made-up number", async () => {
    house.painter.plan.takesMs = 500;
    const asked = await shopper.ask(await newPhoto());
    const estimate = asked.body.portrait.estimate_ms;
    expect(estimate === null || Number.isInteger(estimate)).toBe(true);
    expect((await shopper.wait(asked.body.portrait.id)).estimate_ms).toBeNull();
  });

  it("leaves nothing in the log that somebody should look at, and no address of a picture", () => {
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
    expect(JSON.stringify(house.said)).not.toMatch(/img_[A-Za-z0-9_-]{22}/);
  });
});
