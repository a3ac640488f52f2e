import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaPersonalRecords } from "#app/adapters/prisma/prisma-personal-records.ts";
import { noProgress, type Cutoffs, type OpenRequest, type PersonalRecords } from "#app/privacy/personal-records.ts";
import { describeOnEachDatabase } from "./databases.ts";
import { createMemoryPersonalRecords, emptyTables, type Tables } from "./memory-personal-records.ts";
import * as rows from "./rows.ts";

/** The same shops, in memory and on each database, for the contract of personal records. */
export const noon = new Date("2026-11-24T12:00:00.000Z");
export const minutesAfterNoon = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
export const daysAfterNoon = (days: number) => minutesAfterNoon(days * 24 * 60);
export const [tide, moss, fern] = ["tide.myshopify.com", "moss.myshopify.com", "fern.myshopify.com"] as const;

export type RecordsWorld = {
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
  const ordered = rows.portraitRow(shop, "c:2", { ...shared, orderedAt: noon });
  return {
    shop: [{ shop, secret: `secret of ${shop}` }],
    session: [rows.sessionRow(shop)],
    photo: [photo, other],
    photoAlias: [rows.aliasRow(photo), rows.aliasRow(other)],
    portrait: [
      rows.portraitRow(shop, "c:1", { objectName: `shops/${shop}/portraits/alone`, session: "s:ses_1" }),
      rows.portraitRow(shop, "c:1", { ...shared, session: "s:ses_1" }),
      rows.portraitRow(shop, "c:1", { status: "making", activeKey: "k", session: "s:ses_2" }),
      ordered,
    ],
    orderLine: [rows.orderLineRow(ordered)],
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
    budgetDay: [rows.budgetDayRow(shop)],
    webhookDelivery: [{ id: `delivery of ${shop.slice(0, 4)}`, topic: "shop/redact", shop, receivedAt: noon }],
  };
}

let lastRequest = 0;
export const requestFor = (
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

export const receipt = {
  records: { photos: 1, portraits: 3, events: 1, others: 2 },
  objects: 2,
  objectsShared: 1,
  left: null,
};

export const cutoffs = (now: Date): Cutoffs => ({
  expired: now,
  events: now,
  quotaEntries: now,
  webhookDeliveries: now,
  dataRequests: now,
});

/** Runs the suite on the fake and on each database, before each test with three shops that hold something everywhere. */
export function describeOnEachRecords(name: string, suite: (world: () => RecordsWorld) => void): void {
  describe(`${name} in memory`, () => inMemory(suite));
  describeOnEachDatabase(name, (open) => onDatabase(open, suite));
}

async function fillShops({ insert }: RecordsWorld): Promise<void> {
  for (const shop of [tide, moss, fern]) await insert(shopFull(shop));
}

function inMemory(suite: (world: () => RecordsWorld) => void): void {
  let world: RecordsWorld;
  beforeEach(async () => {
    const memory = createMemoryPersonalRecords();
    const insert = async (given: Partial<Tables>) => {
      for (const [name, added] of Object.entries(given))
        memory.tables[name as keyof Tables].push(...(structuredClone(added) as never[]));
    };
    world = { records: memory.records, insert, stored: async () => memory.stored() };
    await fillShops(world);
  });
  suite(() => world);
}

function onDatabase(open: () => Promise<Database>, suite: (world: () => RecordsWorld) => void): void {
  let database: Database;
  let tables: string[];
  let world: RecordsWorld;
  beforeAll(async () => {
    database = await open();
    tables = await tablesOf(database);
    world = {
      records: createPrismaPersonalRecords(database.prisma),
      insert: (given) => insertInto(database, given),
      stored: () => rowsOf(database, tables),
    };
  });
  beforeEach(async () => {
    await database.pool.query(`TRUNCATE ${tables.map((name) => `"${name}"`).join(", ")}`);
    await fillShops(world);
  });
  afterAll(() => database.close());
  suite(() => world);
}

async function tablesOf({ pool }: Database): Promise<string[]> {
  const { rows: found } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  );
  return found.map(({ name }) => name);
}

async function insertInto({ prisma }: Database, given: Partial<Tables>): Promise<void> {
  for (const name of Object.keys(emptyTables()) as (keyof Tables)[]) {
    const data = given[name] ?? [];
    const model = prisma[name] as unknown as { createMany(of: { data: unknown }): Promise<unknown> };
    if (data.length > 0) await model.createMany({ data });
  }
}

async function rowsOf({ pool }: Database, tables: string[]): Promise<string[]> {
  const dumps = tables.map(async (name) => {
    const { rows: found } = await pool.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" AS t`);
    return found.map(({ row }) => `${name} ${row.replaceAll('": ', '":')}`);
  });
  return (await Promise.all(dumps)).flat();
}
