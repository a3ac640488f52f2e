import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PortraitListAnswer, PortraitPollAnswer } from "#app/http/storefront-api.ts";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { catPhoto } from "#test/builders/photos.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";

/** The whole walk with the parts that `npm run preview` has: real records, gallery, queue, cutout and painter. */
describe("a photo becomes a portrait", () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse();
  });
  afterAll(() => house.close());

  it("is accepted, made in stages, shown by its own address, and found again without a charge", async () => {
    const shopper = await comeAsShopper(house.url);
    expect(shopper.session.quota).toMatchObject({ limit: 3, used: 0, remaining: 3, level: "plenty", blocked_by: null });
    const photoId = await shopper.give(catPhoto);

    const asked = await shopper.ask(photoId);
    expect(asked.status).toBe(202);
    expect(asked.headers.get("Retry-After")).toBe("1");
    expect(asked.body.portrait).toMatchObject({
      style: "ink_wash",
      take: 1,
      cached: false,
      painter: "preview",
      image: null,
    });

    const portrait = await shopper.wait(asked.body.portrait.id);
    expect(portrait).toMatchObject({
      status: "ready",
      stage: null,
      error: null,
      image: { width: 1024, height: 1280, content_type: "image/jpeg" },
    });
    const picture = await fetch(portrait.image?.url.replace(house.config.appUrl, house.url) ?? "");
    expect(picture.status).toBe(200);
    expect(picture.headers.get("Content-Type")).toBe("image/jpeg");
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(20_000);

    const again = await shopper.ask(photoId);
    expect(again.status).toBe(200);
    expect(again.body.portrait).toMatchObject({ status: "ready", cached: true });
    const list = await shopper.call<PortraitListAnswer>("GET", "portraits");
    expect(list.body.portraits).toHaveLength(1);
    const poll = await shopper.call<PortraitPollAnswer>("GET", `portraits/${portrait.id}`);
    expect(poll.body.quota).toMatchObject({ used: 1, remaining: 2, level: "few" });
  });
});
