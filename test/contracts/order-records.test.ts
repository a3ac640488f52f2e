import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaOrderRecords } from "#app/adapters/prisma/prisma-order-records.ts";
import type { OrderOfPortraits, OrderRecords } from "#app/orders/order-records.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import * as rows from "#test/builders/rows.ts";

const [tide, moss] = ["tide.myshopify.com", "moss.myshopify.com"];
const nowMs = Date.parse("2026-03-29T12:00:00Z");
const dayMs = 24 * 60 * 60_000;
const options = { nowMs, keepUntilMs: nowMs + 400 * dayMs };
const photos = [{ photoId: "pht_1", objectName: "o", sha256: "s", crop: null }];

describeOnEachDatabase("the records of orders", (open) => {
  let database: Database;
  let orders: OrderRecords;
  beforeAll(async () => {
    database = await open();
    orders = createPrismaOrderRecords(database.prisma);
  });
  afterAll(() => database.close());
  beforeEach(() => database.prisma.portrait.deleteMany());

  const portrait = async (given = {}, shop = tide) => {
    const data = rows.portraitRow(shop, "s:1", { status: "pending", photos, ...given });
    await database.prisma.portrait.create({ data });
    return data.id;
  };
  const row = (id: string) => database.prisma.portrait.findUniqueOrThrow({ where: { id } });
  const order = (...portraitIds: string[]): OrderOfPortraits => ({
    ...{ shop: tide, id: "5001", name: "#1001" },
    lines: portraitIds.map((portraitId, line) => ({ id: `line-${line}`, portraitId })),
  });

  it("mark what is ordered and keep it longer, once, however often they are told and however many tell them at once", async () => {
    const [a, b] = [await portrait(), await portrait({ status: "ready" })];
    const told = await Promise.all([1, 2, 3, 4].map(() => orders.add(order(a, b), options)));
    for (const ids of told) expect(ids.sort()).toEqual([a, b].sort());
    await orders.add(order(a, b), { nowMs: nowMs + dayMs, keepUntilMs: nowMs + dayMs });
    expect(await database.prisma.orderLine.count()).toBe(2);
    for (const id of [a, b])
      expect(await row(id)).toMatchObject({ orderedAt: new Date(nowMs), expiresAt: new Date(options.keepUntilMs) });
  });

  it("know a portrait in several lines and orders", async () => {
    const id = await portrait();
    expect(await orders.add(order(id, id), options)).toEqual([id]);
    await orders.add({ ...order(id), id: "5002" }, { nowMs: nowMs + dayMs, keepUntilMs: options.keepUntilMs + dayMs });
    expect(await database.prisma.orderLine.count()).toBe(3);
    expect(await row(id)).toMatchObject({
      orderedAt: new Date(nowMs),
      expiresAt: new Date(options.keepUntilMs + dayMs),
    });
  });

  it("leave out what is no portrait of the shop, and do not touch another's", async () => {
    const [mine, theirs] = [await portrait(), await portrait({}, moss)];
    expect(await orders.add(order("por_nobody", theirs, mine), options)).toEqual([mine]);
    expect(await orders.add(order("por_nobody"), options)).toEqual([]);
    expect((await row(theirs)).orderedAt).toBeNull();
    expect(await database.prisma.orderLine.count()).toBe(1);
  });

  it("never shorten a life", async () => {
    const expiresAt = new Date(options.keepUntilMs + dayMs);
    const id = await portrait({ expiresAt });
    await orders.add(order(id), options);
    expect((await row(id)).expiresAt).toEqual(expiresAt);
  });

  it("name the lines whose pictures are to be kept, the oldest first, until they are; not while one is being made", async () => {
    const [made, making, promised] = [
      await portrait({ status: "ready", objectName: "picture" }),
      await portrait({ status: "making" }),
      await portrait(),
    ];
    await orders.add(order(promised), { ...options, nowMs: nowMs + 1 });
    await orders.add({ ...order(made, making), id: "5002" }, options);
    const line = (lineId: string, orderId: string) => ({ shop: tide, orderId, lineId });
    const kept = { photos, objectName: null, expiresAtMs: options.keepUntilMs };
    expect(await orders.unkept(10)).toEqual([
      { ...line("line-0", "5002"), portrait: { ...kept, objectName: "picture" } },
      { ...line("line-0", "5001"), portrait: kept },
    ]);
    expect(await orders.unkept(1)).toHaveLength(1);
    await orders.kept(line("line-0", "5002"), nowMs);
    expect(await orders.unkept(10)).toMatchObject([line("line-0", "5001")]);
    await database.prisma.portrait.update({ where: { id: making }, data: { status: "ready" } });
    expect(await orders.unkept(10)).toHaveLength(2);
  });

  it("lose a line with its portrait", async () => {
    const id = await portrait();
    await orders.add(order(id), options);
    await database.prisma.portrait.delete({ where: { id } });
    expect(await database.prisma.orderLine.count()).toBe(0);
  });
});
