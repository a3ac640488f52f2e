import { beforeEach, describe, expect, it } from "vitest";
import { inShop, moss, noonMs, dayMs, openPrivacyHouse, tide } from "#test/builders/privacy-house.ts";
import { photoRow, portraitRow, quotaRow } from "#test/builders/rows.ts";

let house: ReturnType<typeof openPrivacyHouse>;
const made: typeof house.made = (...given) => house.made(...given);

beforeEach(() => {
  house = openPrivacyHouse();
});

describe("a shopper who deletes their photos", () => {
  it("is gone with every byte, and gets a receipt of it", async () => {
    made(tide, "c:1", "dog");
    made(tide, "s:ses_1", "cat");
    made(tide, "c:2", "hamster");
    const receipt = await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1", "s:ses_1"] });
    expect(receipt).toEqual({ id: "rcp_1", photos: 2, portraits: 2, objects: 4, at: "2026-11-24T12:00:00.000Z" });
    expect(house.objects.names()).toEqual([inShop(tide, "photos/hamster"), inShop(tide, "portraits/hamster")]);
    expect(house.stored().join()).not.toMatch(/c:1"|ses_1/);
  });

  it("leaves the picture that somebody else made of the same photo", async () => {
    made(tide, "c:1", "dog");
    made(tide, "c:2", "dog");
    const receipt = await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] });
    expect(receipt).toMatchObject({ photos: 1, portraits: 1, objects: 0 });
    expect(house.objects.names()).toHaveLength(2);
    expect((await house.privacy.requests(tide))[0]?.receipt).toMatchObject({ objectsShared: 2, left: { objects: 0 } });
    expect(await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:2"] })).toMatchObject({ objects: 2 });
    expect(house.objects.names()).toEqual([]);
  });

  it("has nothing to delete the second time, and is told so", async () => {
    made(tide, "c:1", "dog");
    await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] });
    const again = await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] });
    expect(again).toMatchObject({ photos: 0, portraits: 0, objects: 0 });
  });

  it("does not get a new day's portraits by it", async () => {
    house.tables.quotaEntry.push(quotaRow(tide, "c:1"), quotaRow(tide, "c:1", { window: "2026-11-23" }));
    await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] });
    expect(house.tables.quotaEntry).toMatchObject([{ subject: "c:1", window: "2026-11-24" }]);
    house.time.nowMs += 3 * dayMs;
    await house.privacy.sweepExpired();
    expect(house.tables.quotaEntry).toEqual([]);
  });

  it("whose bytes will not go yet keeps an open request, which finishes them later", async () => {
    made(tide, "c:1", "dog");
    house.objects.trouble.deletes = true;
    const receipt = await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] });
    expect(receipt).toMatchObject({ photos: 1, portraits: 1, objects: 0 });
    expect(await house.privacy.requests(tide)).toMatchObject([{ completedAt: null }]);
    expect(house.said.map(({ event }) => event)).toContain("privacy.unfinished");

    expect(await house.privacy.resumeUnfinished()).toBe(0);
    house.time.nowMs += 2 * 60_000;
    expect(await house.privacy.resumeUnfinished()).toBe(0);
    house.objects.trouble.deletes = false;
    expect(await house.privacy.resumeUnfinished()).toBe(1);
    expect(house.objects.names()).toEqual([]);
    const [request] = await house.privacy.requests(tide);
    expect(request).toMatchObject({
      shoppers: [],
      receipt: { objects: 2, records: { photos: 1 }, left: { objects: 0 } },
    });
    expect(await house.privacy.resumeUnfinished()).toBe(0);
  });

  it("keeps what they make after asking, also where the request has to be taken up again", async () => {
    made(tide, "c:1", "dog");
    house.objects.trouble.deletes = true;
    await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] });
    house.objects.trouble.deletes = false;
    house.time.nowMs += 2 * 60_000;
    house.tables.photo.push(photoRow(tide, "c:1", { createdAt: new Date(house.time.nowMs) }));
    expect(await house.privacy.resumeUnfinished()).toBe(1);
    expect(house.tables.photo).toHaveLength(1);
  });

  it("does not lose a picture to whom it was given between the deletion of records and of bytes", async () => {
    made(tide, "c:1", "dog");
    const forget = house.records.forget;
    house.records.forget = async (...given) => {
      const progress = await forget(...given);
      house.tables.portrait.push(portraitRow(tide, "c:2", { objectName: inShop(tide, "portraits/dog") }));
      return progress;
    };
    expect(await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] })).toMatchObject({ objects: 1 });
    expect(house.objects.names()).toEqual([inShop(tide, "portraits/dog")]);
  });
});

describe("a customer whom Shopify redacts", () => {
  it("is forgotten with the guest that they were", async () => {
    made(tide, "c:7", "dog", { session: "s:ses_7" });
    made(tide, "s:ses_7", "cat");
    made(moss, "c:7", "dog");
    const { finished } = await house.privacy.forgetCustomer({ shop: tide, customerId: "7", orderIds: [] });
    expect(await finished).toMatchObject({ records: { photos: 2, portraits: 2 }, left: { photos: 0, objects: 0 } });
    expect(house.objects.names()).toEqual([inShop(moss, "photos/dog"), inShop(moss, "portraits/dog")]);
  });

  it("is on record before Shopify is answered, whatever becomes of the work", async () => {
    house.records.forget = async () => Promise.reject(new Error("the records went away"));
    const { id, finished } = await house.privacy.forgetCustomer({ shop: tide, customerId: "7", orderIds: [] });
    expect(await house.privacy.requests(tide)).toMatchObject([{ id, completedAt: null }]);
    expect(await finished).toBeUndefined();
    expect(house.said.find(({ level }) => level === "error")?.event).toBe("privacy.interrupted");
  });

  it("can no longer be fetched by an earlier data request", async () => {
    made(tide, "c:7", "dog");
    const { id } = await house.privacy.exportCustomer({ shop: tide, customerId: "7", orderIds: [] });
    await (
      await house.privacy.forgetCustomer({ shop: tide, customerId: "7", orderIds: [] })
    ).finished;
    expect((await house.privacy.requests(tide)).find((request) => request.id === id)?.shoppers).toEqual([]);
    expect(await textOf(await house.privacy.document(tide, id))).not.toContain("c:7");
  });
});

describe("a shop that is redacted", () => {
  it("is gone to the last byte while the other is untouched", async () => {
    made(tide, "c:1", "dog");
    made(moss, "c:1", "dog");
    house.objects.put(inShop(tide, "portraits/nobody-names-it"));
    const mossBefore = house.stored().filter((row) => row.includes(moss));
    const { id, finished } = await house.privacy.forgetShop(tide);
    expect(await finished).toMatchObject({ objects: 3, left: { photos: 0, portraits: 0, others: 0, objects: 0 } });
    expect(house.stored().filter((row) => row.includes(tide))).toEqual([]);
    expect(house.stored().filter((row) => row.includes(moss))).toEqual(mossBefore);
    expect(house.objects.names()).toEqual([inShop(moss, "photos/dog"), inShop(moss, "portraits/dog")]);
    expect(await house.privacy.requests(tide)).toMatchObject([{ id, receipt: { objects: 3 } }]);
  });

  it("takes along what browsers have sent and nobody has taken in", async () => {
    house.uploads.put(`${tide}/c:1`, `${tide}/s:ses_2`, `${moss}/c:1`);
    expect(await house.privacy.forgetShopper({ shop: tide, shoppers: ["c:1"] })).toMatchObject({ objects: 1 });
    const { finished } = await house.privacy.forgetShop(tide);
    expect(await finished).toMatchObject({ objects: 1 });
    expect(house.uploads.files()).toEqual([`${moss}/c:1`]);
  });

  it("leaves no quota behind, wherever quotas are held, and is asked for again while they do not answer", async () => {
    house.quota.entries.set(tide, 4).set(moss, 2);
    house.quota.trouble.silent = true;
    const { finished } = await house.privacy.forgetShop(tide);
    expect(await finished).toBeUndefined();
    house.quota.trouble.silent = false;
    house.time.nowMs += 2 * 60_000;
    expect(await house.privacy.resumeUnfinished()).toBe(1);
    expect([...house.quota.entries]).toEqual([[moss, 2]]);
    expect(await house.privacy.requests(tide)).toMatchObject([{ receipt: { records: { others: 4 } } }]);
  });

  it("whose name begins like another's takes nothing of the other's", async () => {
    house.objects.put(inShop("tide.myshopify.com", "photos/a"), inShop("tide.myshopify.com.au", "photos/a"));
    await (
      await house.privacy.forgetShop(tide)
    ).finished;
    expect(house.objects.names()).toEqual(["shops/tide.myshopify.com.au/photos/a"]);
  });

  it("is asked for again until the store has let go of everything", async () => {
    made(tide, "c:1", "dog");
    house.objects.trouble.deletes = true;
    const { finished } = await house.privacy.forgetShop(tide);
    expect(await finished).toBeUndefined();
    house.objects.trouble.deletes = false;
    house.time.nowMs += 2 * 60_000;
    expect(await house.privacy.resumeUnfinished()).toBe(1);
    expect(house.objects.names()).toEqual([]);
    expect(house.stored().filter((row) => row.includes(tide))).toEqual([]);
  });
});

describe("a data request", () => {
  it("is answered with everything that was made while logged in, pictures included", async () => {
    made(tide, "c:7", "dog", { session: "s:ses_7" });
    made(tide, "s:ses_7", "cat");
    const { id, receipt } = await house.privacy.exportCustomer({ shop: tide, customerId: "7", orderIds: [] });
    expect(receipt).toMatchObject({ records: { photos: 1, portraits: 1, events: 1 }, objects: 2, left: null });
    const document = JSON.parse(await textOf(await house.privacy.document(tide, id))) as Record<string, never[]>;
    expect(document).toMatchObject({ request: id, kind: "data_request", shop: tide, shoppers: ["c:7"] });
    const picture = `data:image/jpeg;base64,${Buffer.from(inShop(tide, "photos/dog")).toString("base64")}`;
    expect(document.photos).toMatchObject([{ width: 800, picture }]);
    expect(document.portraits).toHaveLength(1);
    expect(document.events).toMatchObject([{ name: "portrait_shown" }]);
  });

  it("of a customer of whom nothing is stored is an answer too", async () => {
    const { id } = await house.privacy.exportCustomer({ shop: tide, customerId: "8", orderIds: [] });
    const document = JSON.parse(await textOf(await house.privacy.document(tide, id))) as unknown;
    expect(document).toMatchObject({ photos: [], portraits: [], events: [] });
  });

  it("is nobody's but the shop's own", async () => {
    const { id } = await house.privacy.exportCustomer({ shop: tide, customerId: "7", orderIds: [] });
    expect(await house.privacy.document(moss, id)).toBeUndefined();
    expect(await house.privacy.document(tide, "rcp_none")).toBeUndefined();
  });
});

it("a shop that uninstalls loses its sessions and keeps the rest until it is redacted", async () => {
  house.tables.shop.push({ shop: tide, secret: "x" });
  made(tide, "c:1", "dog");
  await house.privacy.uninstalled(tide);
  expect(house.tables.shop[0]?.uninstalledAt).toEqual(new Date(noonMs));
  expect(house.tables.photo).toHaveLength(1);
});

async function textOf(document: AsyncIterable<string> | undefined): Promise<string> {
  let text = "";
  for await (const piece of document ?? []) text += piece;
  return text;
}
