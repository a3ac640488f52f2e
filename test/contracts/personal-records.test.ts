import { expect, it } from "vitest";
import { redactedShop } from "#app/privacy/redacted-shop.ts";
import {
  describeOnEachRecords,
  fern,
  minutesAfterNoon,
  moss,
  daysAfterNoon,
  noon,
  receipt,
  requestFor,
  tide,
} from "#test/builders/records-worlds.ts";
import * as rows from "#test/builders/rows.ts";

describeOnEachRecords("personal records", (world) => {
  const records = () => world().records;
  const of = async (shop: string) => (await world().stored()).filter((row) => row.includes(shop)).sort();

  it("tell what is stored of a shopper, and of nobody else", async () => {
    const found = await records().export(tide, ["c:1"]);
    expect(found.photos.map(({ objectName }) => objectName)).toEqual([`shops/${tide}/photos/one`]);
    expect(found.portraits).toHaveLength(3);
    expect(found.events).toEqual([{ name: "portrait_shown", portraitId: null, at: noon }]);
    expect(await records().export(tide, ["c:3"])).toEqual({ photos: [], portraits: [], events: [] });
  });

  it("know the guests that a customer was", async () => {
    expect((await records().guestsOf(tide, "c:1")).sort()).toEqual(["s:ses_1", "s:ses_2"]);
    expect(await records().guestsOf(tide, "c:9")).toEqual([]);
  });

  it("forget a shopper wholly, and leave everybody else as they were", async () => {
    const [mossBefore, fernBefore] = [await of(moss), await of(fern)];
    const otherBefore = (await of(tide)).filter((row) => row.includes('"c:2"'));
    const request = requestFor(tide, "shopper", ["c:1"]);
    await records().open(request);
    const progress = await records().forget(request, ["c:1"]);

    expect(progress.deleted).toEqual({ photos: 1, portraits: 3, events: 1, others: 2 });
    expect(progress.objectsToDelete.sort()).toEqual([`shops/${tide}/photos/one`, `shops/${tide}/portraits/alone`]);
    expect(progress.objectsShared).toBe(1);
    const nothing = { photos: 0, portraits: 0, events: 0, others: 0 };
    expect(await records().count(tide, ["c:1"], noon)).toEqual(nothing);
    await records().complete(request, { at: noon, receipt });
    const left = (await of(tide)).filter((row) => row.includes("c:1") && !row.includes("c:1\\"));
    expect(left.every((row) => row.toLowerCase().startsWith("quotaentry"))).toBe(true);
    expect((await of(tide)).filter((row) => row.includes('"c:2"'))).toEqual(otherBefore);
    expect([await of(moss), await of(fern)]).toEqual([mossBefore, fernBefore]);
  });

  it("keep today's quota of who is forgotten, and delete that of earlier days", async () => {
    const request = requestFor(tide, "shopper", ["c:1"]);
    await records().open(request);
    await records().forget(request, ["c:1"]);
    const quota = (await of(tide)).filter((row) => row.toLowerCase().startsWith("quotaentry") && row.includes('"c:1"'));
    expect(quota.map((row) => /"window":"([^"]+)"/.exec(row)?.[1]).sort()).toEqual(["2026-11-24", "rolling"]);
  });

  it("forget what was there when the request came in, and nothing later", async () => {
    await world().insert({
      photo: [rows.photoRow(tide, "c:1", { createdAt: minutesAfterNoon(1) })],
      portrait: [rows.portraitRow(tide, "c:1", { createdAt: minutesAfterNoon(1) })],
    });
    const request = requestFor(tide, "shopper", ["c:1"]);
    await records().open(request);
    expect((await records().forget(request, ["c:1"])).deleted).toMatchObject({ photos: 1, portraits: 3 });
    expect(await records().count(tide, ["c:1"], minutesAfterNoon(1))).toMatchObject({ photos: 1, portraits: 1 });
    expect(await records().count(tide, ["c:1"], noon)).toMatchObject({ photos: 0, portraits: 0 });
  });

  it("count a deletion once, also when several work at the same request", async () => {
    const request = requestFor(tide, "shopper", ["c:1"]);
    await records().open(request);
    await Promise.all(Array.from({ length: 6 }, () => records().forget(request, ["c:1"])));
    const [open] = await records().unfinished(noon, 10);
    expect(open?.progress.deleted).toEqual({ photos: 1, portraits: 3, events: 1, others: 2 });
    expect(open?.progress.objectsToDelete).toHaveLength(2);
    expect(open?.progress.objectsShared).toBe(1);
  });

  it("remember after a crash which bytes have still to go", async () => {
    const request = requestFor(tide, "customer_redact", ["c:1", "s:ses_1"]);
    await records().open(request);
    const progress = await records().forget(request, ["c:1", "s:ses_1"]);
    expect(await records().unfinished(noon, 10)).toEqual([{ ...request, progress }]);
    await records().saveProgress(request, { ...progress, objectsToDelete: [], objectsDeleted: 2 });
    expect((await records().unfinished(noon, 10))[0]?.progress).toMatchObject({ objectsDeleted: 2 });
    expect(await records().unfinished(minutesAfterNoon(-1), 10)).toEqual([]);
  });

  it("forget a shop to the last byte, and leave the other two as they were", async () => {
    const [mossBefore, fernBefore] = [await of(moss), await of(fern)];
    await records().open(requestFor(tide, "shopper", ["c:9"]));
    const request = requestFor(tide, "shop_redact");
    await records().open(request);
    const { deleted } = await records().forgetShop(request);
    await records().complete(request, { at: noon, receipt });

    expect(deleted).toEqual({ photos: 2, portraits: 4, events: 2, others: 1 + 2 + 2 + 4 + 1 + 1 + 1 + 1 + 1 + 1 });
    expect(await of("tide")).toEqual((await of("tide")).filter((row) => row.includes("delivery of tide")));
    expect(await of(tide)).toEqual([]);
    expect(await records().count(tide, "everybody", noon)).toEqual({ photos: 0, portraits: 0, events: 0, others: 0 });
    expect([await of(moss), await of(fern)]).toEqual([mossBefore, fernBefore]);
    const kept = await of(redactedShop(tide));
    expect(kept).toHaveLength(2);
    expect(await records().requests(tide, 10)).toMatchObject([{ id: request.id, completedAt: noon, receipt }]);
  });

  it("show a shop its own requests, the newest first, and name nobody who is forgotten", async () => {
    const asked = requestFor(tide, "data_request", ["c:1"], minutesAfterNoon(1));
    const redact = requestFor(tide, "customer_redact", ["c:2", "s:ses_x"], minutesAfterNoon(2));
    const open = requestFor(tide, "shopper", ["c:4"], minutesAfterNoon(3));
    for (const request of [asked, redact, open, requestFor(moss, "shopper", ["c:1"])]) await records().open(request);
    for (const request of [asked, redact]) await records().complete(request, { at: minutesAfterNoon(5), receipt });
    const shown = await records().requests(tide, 10);
    expect(shown.map(({ id }) => id)).toEqual([open.id, redact.id, asked.id]);
    expect(shown.map(({ shoppers }) => shoppers)).toEqual([["c:4"], [], ["c:1"]]);
    expect(shown[0]).toMatchObject({ completedAt: null, receipt: null });
    expect(shown[2]).toMatchObject({ completedAt: minutesAfterNoon(5), receipt });
    expect(await records().requests(tide, 1)).toHaveLength(1);

    const forget = requestFor(tide, "shopper", ["c:1"], minutesAfterNoon(6));
    await records().open(forget);
    await records().forget(forget, ["c:1"]);
    expect((await records().requests(tide, 10)).find(({ id }) => id === asked.id)?.shoppers).toEqual([]);
  });

  it("name the objects that nobody has", async () => {
    const names = [`shops/${tide}/photos/one`, `shops/${tide}/portraits/shared`, `shops/${tide}/photos/nobody`];
    expect(await records().unnamed(tide, names)).toEqual([`shops/${tide}/photos/nobody`]);
    expect(await records().unnamed(moss, [names[0] ?? ""])).toEqual([names[0]]);
    expect(await records().unnamed(tide, [])).toEqual([]);
  });

  it("end a shop's sessions and write down when, once", async () => {
    await records().endSessions(tide, noon);
    await records().endSessions(tide, daysAfterNoon(1));
    const left = await of(tide);
    expect(left.some((row) => row.includes("shpat_secret"))).toBe(false);
    expect(left.find((row) => row.includes("secret of"))).toMatch(/2026-11-24T12:00:00/);
    expect((await of(moss)).some((row) => row.includes("shpat_secret"))).toBe(true);
  });
});
