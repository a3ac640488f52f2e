import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorAnswer, PortraitAnswer } from "#app/http/storefront-api.ts";
import { providerDown } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

describe("a request under a key", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let number = 4_000;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    house.painter.plan = { takesMs: 0, fails: () => undefined };
    shopper = await comeAsShopper(house.url);
  });
  const newKey = () => `key-of-a-request-${(number += 1)}`;
  const newPhoto = async () => shopper.give(await smallPhoto((number += 1)));

  it("whose answer was lost gets the first answer again, and has no second effect", async () => {
    const [photoId, key] = [await newPhoto(), newKey()];
    const first = await shopper.ask(photoId, {}, { key });
    await shopper.wait(first.body.portrait.id);
    const again = await shopper.ask(photoId, {}, { key });
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(again.headers.get("Retry-After")).toBe(first.headers.get("Retry-After"));
    expect(await shopper.quota()).toMatchObject({ used: 1 });
    expect(house.painter.calls.filter((call) => call.take === 1).length).toBeGreaterThan(0);
  });

  it("that comes thirty times at once is one portrait, one painting, one charge and one answer", async () => {
    const [photoId, key, before] = [await newPhoto(), newKey(), house.painter.calls.length];
    const twins = await Promise.all(Array.from({ length: 30 }, () => shopper.ask(photoId, {}, { key })));
    expect(new Set(twins.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(twins.map(({ status }) => status)).toEqual(twins.map(() => 202));
    await shopper.wait(twins[0]?.body.portrait.id ?? "");
    expect(house.painter.calls).toHaveLength(before + 1);
    expect(await shopper.quota()).toMatchObject({ used: 1 });
  });

  it("with another body is refused: 422 key_reused", async () => {
    const [photoId, key] = [await newPhoto(), newKey()];
    await shopper.ask(photoId, {}, { key });
    const other = await shopper.ask(photoId, { take: 2 }, { key });
    expect(other).toMatchObject({ status: 422, body: { error: { code: "key_reused", field: "key" } } });
    const elsewhere = await shopper.call<ErrorAnswer>("POST", "photos", {
      body: await smallPhoto((number += 1)),
      query: { key },
    });
    expect(elsewhere).toMatchObject({ status: 422, body: { error: { code: "key_reused" } } });
  });

  it("is this shopper's alone", async () => {
    const key = newKey();
    const other = await comeAsShopper(house.url);
    const [mine, theirs] = [
      await shopper.ask(await newPhoto(), {}, { key }),
      await other.ask(await other.give(await smallPhoto((number += 1))), {}, { key }),
    ];
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(mine.body.portrait.id).not.toBe(theirs.body.portrait.id);
  });

  it("takes a photo once, and answers as it did at first", async () => {
    const [bytes, key] = [await smallPhoto((number += 1)), newKey()];
    const first = await shopper.call("POST", "photos", { body: bytes, query: { key } });
    const again = await shopper.call("POST", "photos", { body: bytes, query: { key } });
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it("that was refused may succeed later under the same key", async () => {
    const key = newKey();
    const wish = { photos: [{ source_sha256: "ef".repeat(32) }], style: "ink_wash" };
    expect((await shopper.call("POST", "portraits", { body: wish, query: { key } })).status).toBe(409);
    await shopper.give(await smallPhoto((number += 1)), { source_sha256: "ef".repeat(32) });
    expect((await shopper.call<PortraitAnswer>("POST", "portraits", { body: wish, query: { key } })).status).toBe(202);
  });

  it("that led to a failed portrait keeps its answer; another key tries again", async () => {
    house.painter.plan.fails = () => providerDown();
    const [photoId, key] = [await newPhoto(), newKey()];
    const first = await shopper.ask(photoId, {}, { key });
    await shopper.wait(first.body.portrait.id);
    house.painter.plan.fails = () => undefined;
    expect((await shopper.ask(photoId, {}, { key })).body).toEqual(first.body);
    const retry = await shopper.ask(photoId, {}, { key: newKey() });
    expect((await shopper.wait(retry.body.portrait.id)).status).toBe("ready");
  });
});
