import { expect, it } from "vitest";
import { describeOnEachRecords, moss, noon, receipt, requestFor, tide } from "#test/builders/records-worlds.ts";
import * as rows from "#test/builders/rows.ts";

describeOnEachRecords("personal records of what is part of an order", (world) => {
  const records = () => world().records;
  const of = async (shop: string) => (await world().stored()).filter((row) => row.includes(shop)).sort();
  const photo = rows.photoRow(tide, "s:ses_9", { objectName: "ordered photo" });
  const madeOf = [{ photoId: photo.id, objectName: "ordered photo", sha256: photo.sha256, crop: null }];
  const bought = rows.portraitRow(tide, "s:ses_9", {
    ...{ objectName: "ordered portrait", session: "s:ses_9", photos: madeOf, orderedAt: noon },
  });
  const unordered = rows.photoRow(tide, "s:ses_9", { objectName: "another photo" });
  const looked = rows.portraitRow(tide, "s:ses_9", { objectName: "another portrait", session: "s:ses_9" });
  const insert = () =>
    world().insert({
      photo: [photo, unordered],
      photoAlias: [rows.aliasRow(photo)],
      portrait: [bought, looked],
      orderLine: [rows.orderLineRow(bought, "7007")],
    });
  const nothing = { photos: 0, portraits: 0, events: 0, others: 0 };

  it("leave it where the shopper asks, with its photo, off their list", async () => {
    await insert();
    const request = requestFor(tide, "shopper", ["s:ses_9"]);
    await records().open(request);
    const progress = await records().forget(request, ["s:ses_9"]);
    expect(progress.deleted).toEqual({ photos: 1, portraits: 1, events: 0, others: 1 });
    expect(progress.objectsToDelete.sort()).toEqual(["another photo", "another portrait"]);
    const left = (await of(tide)).filter((row) => row.includes('"s:ses_9"') && !row.toLowerCase().includes("request"));
    expect(left.map((row) => /"id":"([^"]+)"/.exec(row)?.[1]).sort()).toEqual([photo.id, bought.id].sort());
    expect(left.find((row) => row.includes(bought.id))).toMatch(/"hiddenAt":"2026-11-24T12:00/);
    expect(await records().count(tide, ["s:ses_9"], noon, { withoutOrdered: true })).toEqual(nothing);
    expect(await records().count(tide, ["s:ses_9"], noon)).toMatchObject({ photos: 1, portraits: 1 });
  });

  it("leave the photo of a guest that they ordered once they had logged in", async () => {
    await world().insert({ photo: [photo], portrait: [{ ...bought, shopper: "c:9" }] });
    const request = requestFor(tide, "shopper", ["s:ses_9"]);
    await records().open(request);
    expect((await records().forget(request, ["s:ses_9"])).deleted.photos).toBe(0);
  });

  it("know the guest of an order, and forget them and its line where Shopify asks", async () => {
    await insert();
    expect(await records().guestsOfOrders(tide, ["o:7007", "o:5001", "o:1"])).toEqual(["s:ses_9"]);
    expect(await records().guestsOfOrders(moss, ["o:7007"])).toEqual([]);
    const names = ["c:8", "s:ses_9", "o:7007", "o:5001"];
    const request = requestFor(tide, "customer_redact", names);
    await records().open(request);
    const { deleted } = await records().forget(request, names);
    // The line of somebody else's portrait goes too: it says which orders were the customer's.
    expect(deleted).toEqual({ photos: 2, portraits: 2, events: 0, others: 1 + 2 });
    expect(await records().count(tide, names, noon)).toEqual(nothing);
    expect((await of(tide)).filter((row) => row.toLowerCase().startsWith("orderline"))).toEqual([]);
    expect((await of(moss)).filter((row) => row.toLowerCase().startsWith("orderline"))).toHaveLength(1);
  });

  it("tell it to the customer who ordered it as a guest, and nothing else of that guest", async () => {
    await insert();
    const found = await records().export(tide, ["c:8", "o:7007"]);
    expect(found.photos.map(({ id }) => id)).toEqual([photo.id]);
    expect(found.portraits).toMatchObject([{ id: bought.id, orders: ["#7007"] }]);
    expect(await records().export(moss, ["o:7007"])).toEqual({ photos: [], portraits: [], events: [] });
  });

  it("forget which orders a data request was about once its customer is forgotten", async () => {
    const asked = requestFor(tide, "data_request", ["c:1", "o:7007"]);
    const other = requestFor(tide, "data_request", ["c:10", "o:7008"]);
    for (const request of [asked, other]) {
      await records().open(request);
      await records().complete(request, { at: noon, receipt });
    }
    const forget = requestFor(tide, "customer_redact", ["c:1"]);
    await records().open(forget);
    await records().forget(forget, ["c:1"]);
    const shown = await records().requests(tide, 10);
    expect(shown.find(({ id }) => id === asked.id)?.shoppers).toEqual([]);
    expect(shown.find(({ id }) => id === other.id)?.shoppers).toEqual(["c:10", "o:7008"]);
  });
});
