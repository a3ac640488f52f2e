import { expect, it } from "vitest";
import {
  cutoffs,
  daysAfterNoon,
  describeOnEachRecords,
  fern,
  minutesAfterNoon,
  noon,
  receipt,
  requestFor,
  tide,
} from "#test/builders/records-worlds.ts";
import * as rows from "#test/builders/rows.ts";

const none = new Date(0);

describeOnEachRecords("personal records past their expiry", (world) => {
  const records = () => world().records;

  it("forget what is too old, and hand out the bytes that nobody names", async () => {
    const swept = await records().forgetExpired(cutoffs(daysAfterNoon(8)), 100);
    // c:1's photo is needed by the portrait that is still being made.
    expect(swept).toMatchObject({ photos: 3, portraits: 9, events: 6, more: false });
    const names = swept.orphanedObjects.map(({ shop, name }) => name.replace(`shops/${shop}/`, "")).sort();
    expect(names).toEqual([
      "photos/two",
      "photos/two",
      "photos/two",
      ...["portraits/alone", "portraits/shared"].flatMap((n) => [n, n, n]),
    ]);
    expect(await records().count(tide, ["c:1"], noon)).toMatchObject({ photos: 1, portraits: 1 });
  });

  it("keep the bytes that a younger portrait shares", async () => {
    const key = { objectName: `shops/${tide}/portraits/shared`, key: "shared" };
    await world().insert({ portrait: [rows.portraitRow(tide, "c:3", { ...key, expiresAt: daysAfterNoon(90) })] });
    const swept = await records().forgetExpired(cutoffs(daysAfterNoon(8)), 100);
    expect(swept.orphanedObjects.map(({ name }) => name)).not.toContain(key.objectName);
  });

  it("keep the photo that waits for its order", async () => {
    const photo = rows.photoRow(tide, "c:3", { objectName: "waits" });
    const pending = { status: "pending", expiresAt: daysAfterNoon(90) };
    await world().insert({ photo: [photo], portrait: [rows.portraitRow(tide, "c:3", pending)] });
    await records().forgetExpired(cutoffs(daysAfterNoon(8)), 100);
    expect(await records().count(tide, ["c:3"], noon)).toMatchObject({ photos: 1, portraits: 1 });
    await records().forgetExpired(cutoffs(daysAfterNoon(91)), 100);
    await records().forgetExpired(cutoffs(daysAfterNoon(91)), 100);
    expect(await records().count(tide, ["c:3"], noon)).toMatchObject({ photos: 0, portraits: 0 });
  });

  it("keep what expires this very millisecond", async () => {
    const photo = rows.photoRow(fern, "c:5", { expiresAt: noon });
    await world().insert({ photo: [photo] });
    const before = { ...cutoffs(none), expired: noon };
    expect((await records().forgetExpired(before, 100)).photos).toBe(0);
    expect((await records().forgetExpired({ ...before, expired: new Date(noon.getTime() + 1) }, 100)).photos).toBe(1);
  });

  it("take no more at once than they are told, and say that there is more", async () => {
    const first = await records().forgetExpired(cutoffs(daysAfterNoon(8)), 4);
    expect(first).toMatchObject({ photos: 3, portraits: 4, more: true });
    const second = await records().forgetExpired(cutoffs(daysAfterNoon(8)), 4);
    expect(second).toMatchObject({ photos: 0, portraits: 4, more: true });
    const third = await records().forgetExpired(cutoffs(daysAfterNoon(8)), 5);
    expect(third).toMatchObject({ portraits: 1, more: false });
  });

  it("forget whom an old data request was about", async () => {
    const request = requestFor(tide, "data_request", ["c:1"]);
    await records().open(request);
    await records().complete(request, { at: noon, receipt });
    await records().forgetExpired({ ...cutoffs(none), dataRequests: noon }, 100);
    expect((await records().requests(tide, 1))[0]?.shoppers).toEqual(["c:1"]);
    await records().forgetExpired({ ...cutoffs(none), dataRequests: minutesAfterNoon(1) }, 100);
    expect((await records().requests(tide, 1))[0]?.shoppers).toEqual([]);
  });
});
