import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

/** What a shopper may wish for: photos, crops, styles and takes. */
describe("a portrait", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let photos = 10_000;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    shopper = await comeAsShopper(house.url);
  });

  const newPhoto = async () => shopper.give(await smallPhoto((photos += 1)));
  const callsFor = async (work: () => Promise<unknown>) => {
    const before = house.painter.calls.length;
    await work();
    return house.painter.calls.length - before;
  };

  it("of the same photo is another one for each take, style and crop", async () => {
    const photoId = await newPhoto();
    const crop = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
    const photosWith = (facts: object) => ({ photos: [{ id: photoId, crop: facts }] });
    const wishes = [
      {},
      { take: 2 },
      { style: "pen_and_marker" },
      photosWith(crop),
      photosWith({ ...crop, turn: 90 }),
      photosWith({ ...crop, x: 0.26 }),
    ];
    const calls = await callsFor(async () => {
      for (const wish of [...wishes, ...wishes])
        await shopper.wait((await shopper.ask(photoId, wish)).body.portrait.id);
    });
    expect(calls).toBe(wishes.length);
  });

  it("is painted from the part of the photo that was chosen", async () => {
    const left = {
      input: await sharp({ create: { width: 300, height: 400, channels: 3, background: "#ff0000" } })
        .png()
        .toBuffer(),
      left: 0,
      top: 0,
    };
    const twoColours = await sharp({ create: { width: 600, height: 400, channels: 3, background: "#0000ff" } })
      .composite([left])
      .jpeg()
      .toBuffer();
    const id = await shopper.give(twoColours);
    const seen = async (crop: object) => {
      const before = house.painter.calls.length;
      await shopper.wait((await shopper.ask(id, { photos: [{ id, crop }] })).body.portrait.id);
      const image = house.painter.calls[before]?.pets[0]?.image;
      const { channels } = await sharp(image).stats();
      const { width, height } = await sharp(image).metadata();
      return { red: Math.round(channels[0]?.mean ?? 0), blue: Math.round(channels[2]?.mean ?? 0), width, height };
    };
    expect(await seen({ x: 0, y: 0, width: 0.4, height: 1 })).toMatchObject({
      red: 254,
      blue: 0,
      width: 240,
      height: 400,
    });
    expect(await seen({ x: 0.6, y: 0, width: 0.4, height: 1 })).toMatchObject({ red: 0, blue: 254 });
    // Turned clockwise, what was on the left stands on top.
    expect(await seen({ x: 0, y: 0, width: 1, height: 0.4, turn: 90 })).toMatchObject({
      red: 254,
      width: 400,
      height: 240,
    });
  });

  it("shows up to three pets, in their order, and four are refused", async () => {
    const ids = [await newPhoto(), await newPhoto(), await newPhoto()];
    const three = ids.map((id) => ({ id }));
    const before = house.painter.calls.length;
    await shopper.wait((await shopper.ask("", { photos: three })).body.portrait.id);
    expect(house.painter.calls[before]?.pets).toHaveLength(3);
    await shopper.wait((await shopper.ask("", { photos: three.toReversed() })).body.portrait.id);
    expect(house.painter.calls).toHaveLength(before + 2);
    expect(await shopper.ask("", { photos: [...three, { id: ids[0] }] })).toMatchObject({ status: 422 });
    expect(await shopper.ask("", { photos: [] })).toMatchObject({ status: 422 });
  });

  it.each([
    [{ style: "oil" }, "style_unknown"],
    [{ style: "../x" }, "body_invalid"],
    [{ take: 0 }, "body_invalid"],
    [{ take: 100 }, "body_invalid"],
    [{ take: 1.5 }, "body_invalid"],
    [{ pending: "yes" }, "body_invalid"],
    [{ photos: "all" }, "body_invalid"],
    [{ photos: [{ id: "pht_short" }] }, "body_invalid"],
    [{ photos: [{ source_sha256: "ABC" }] }, "body_invalid"],
  ])("wished for with %j is refused", async (wish, code) => {
    const answer = await shopper.ask(await newPhoto(), wish);
    expect(answer).toMatchObject({ status: 422, body: { error: { code } } });
  });

  it.each([
    { x: 0, y: 0, width: 0, height: 1 },
    { x: -0.1, y: 0, width: 1, height: 1 },
    { x: 0.5, y: 0, width: 0.6, height: 1 },
    { x: 0, y: 0, width: 1, height: 1, turn: 45 },
    { x: 0, y: 0, width: 1 },
    { x: null, y: 0, width: 1, height: 1 },
  ])("with the crop %j is refused", async (crop) => {
    const id = await newPhoto();
    expect(await shopper.ask(id, { photos: [{ id, crop }] })).toMatchObject({
      status: 422,
      body: { error: { code: "body_invalid" } },
    });
  });

  it("is made from a crop of a single pixel too", async () => {
    const id = await newPhoto();
    const crop = { x: 1, y: 1, width: 1e-9, height: 1e-9 };
    const asked = await shopper.ask(id, { photos: [{ id, crop: { ...crop, x: 0.999, y: 0.999 } }] });
    expect((await shopper.wait(asked.body.portrait.id)).status).toBe("ready");
  });
});
