import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaPersonalRecords } from "#app/adapters/prisma/prisma-personal-records.ts";
import { noProgress, type Cutoffs, type OpenRequest, type PersonalRecords } from "#app/privacy/personal-records.ts";
import { redactedShop } from "#app/privacy/redacted-shop.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { createMemoryPersonalRecords, emptyTables, type Tables } from "#test/builders/memory-personal-records.ts";
import * as rows from "#test/builders/rows.ts";

const noon = new Date("2026-11-24T12:00:00.000Z");
const minutesAfterNoon = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
const daysAfterNoon = (days: number) => minutesAfterNoon(days * 24 * 60);
const [tide, moss, fern] = ["tide.myshopify.com", "moss.myshopify.com", "fern.myshopify.com"];

type World = {
  records: PersonalRecords;
  insert(tables: Partial<Tables>): Promise<void>;
  /** Every stored row, as text. */
  stored(): Promise<string[]>;
};

/** A shop with a customer, the guest they were, and somebody else; all with something in every table. */
function shopFull(shop: string): Tables {
  const photo = rows.photoRow(shop, "c:1", { objectName: `shops/${shop}/photos/one` });
  const other = rows.photoRow(shop, "c:2", { objectName: `shops/${shop}/photos/two` });
  const shared = { objectName: `shops/${shop}/portraits/shared`, key: "shared" };
  return {
    shop: [{ shop, secret: `secret of ${shop}` }],
    session: [rows.sessionRow(shop)],
    photo: [photo, other],
    photoAlias: [rows.aliasRow(photo), rows.aliasRow(other)],
    portrait: [
      rows.portraitRow(shop, "c:1", { objectName: `shops/${shop}/portraits/alone`, session: "s:ses_1" }),
      rows.portraitRow(shop, "c:1", { ...shared, session: "s:ses_1" }),
      rows.portraitRow(shop, "c:1", { status: "making", activeKey: "k", session: "s:ses_2" }),
      rows.portraitRow(shop, "c:2", shared),
    ],
    storefrontEvent: [rows.eventRow(shop, "c:1"), rows.eventRow(shop, "c:2")],
    idempotentAnswer: [rows.answerRow(shop, "c:1"), rows.answerRow(shop, "c:2")],
    quotaEntry: [
      rows.quotaRow(shop, "c:1", { window: "2026-11-23", reservedAt: daysAfterNoon(-1) }),
      rows.quotaRow(shop, "c:1"),
      rows.quotaRow(shop, "c:1", { tier: "burst", window: "rolling" }),
      rows.quotaRow(shop, "c:2", { window: "2026-11-23" }),
    ],
    attempt: [rows.attemptRow(shop)],
    budgetEntry: [rows.budgetRow(shop)],
    webhookDelivery: [{ id: `delivery of ${shop.slice(0, 4)}`, topic: "shop/redact", shop, receivedAt: noon }],
  };
}

let lastRequest = 0;
const requestFor = (
  shop: string,
  kind: OpenRequest["kind"],
  shoppers: string[] = [],
  receivedAt = noon,
): OpenRequest => ({
  id: `rcp_${(lastRequest += 1)}`,
  shop,
  kind,
  shoppers,
  receivedAt,
  progress: noProgress,
});

const receipt = {
  records: { photos: 1, portraits: 3, events: 1, others: 2 },
  objects: 2,
  objectsShared: 1,
  left: null,
};

function contract(world: () => World) {
  const records = () => world().records;
  const of = async (shop: string) => (await world().stored()).filter((row) => row.includes(shop)).sort();

  beforeEach(async () => {
    for (const shop of [tide, moss, fern]) await world().insert(shopFull(shop));
  });

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

  it("count a deletion once, also when two work at the same request", async () => {
    const request = requestFor(tide, "shopper", ["c:1"]);
    await records().open(request);
    await Promise.all([records().forget(request, ["c:1"]), records().forget(request, ["c:1"])]);
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

    expect(deleted).toEqual({ photos: 2, portraits: 4, events: 2, others: 2 + 2 + 4 + 1 + 1 + 1 + 1 + 1 });
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

  describe("past their expiry", () => {
    const cutoffs = (now: Date): Cutoffs => ({
      expired: now,
      events: now,
      quotaEntries: now,
      webhookDeliveries: now,
      dataRequests: now,
    });
    const none = new Date(0);

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
}

describe("personal records in memory", () => {
  let world: World;
  beforeEach(() => {
    const memory = createMemoryPersonalRecords();
    const insert = async (given: Partial<Tables>) => {
      for (const [name, added] of Object.entries(given))
        memory.tables[name as keyof Tables].push(...(structuredClone(added) as never[]));
    };
    world = { records: memory.records, insert, stored: async () => memory.stored() };
  });
  contract(() => world);
});

describeOnEachDatabase("personal records", (open) => {
  let database: Database;
  let tables: string[];
  beforeAll(async () => {
    database = await open();
    const found = await database.pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
    );
    tables = found.rows.map(({ name }) => name);
  });
  beforeEach(async () => {
    await database.pool.query(`TRUNCATE ${tables.map((name) => `"${name}"`).join(", ")}`);
  });
  afterAll(() => database.close());

  const insert = async (given: Partial<Tables>) => {
    for (const name of Object.keys(emptyTables()) as (keyof Tables)[]) {
      const data = given[name] ?? [];
      const model = database.prisma[name] as unknown as { createMany(of: { data: unknown }): Promise<unknown> };
      if (data.length > 0) await model.createMany({ data });
    }
  };
  const stored = async () => {
    const dumps = tables.map(async (name) => {
      const { rows: found } = await database.pool.query<{ row: string }>(
        `SELECT to_jsonb(t)::text AS row FROM "${name}" AS t`,
      );
      return found.map(({ row }) => `${name} ${row.replaceAll('": ', '":')}`);
    });
    return (await Promise.all(dumps)).flat();
  };
  contract(() => ({ records: createPrismaPersonalRecords(database.prisma), insert, stored }));
});
