import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { databaseOn, openServer, type Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { createPrismaPersonalRecords } from "#app/adapters/prisma/prisma-personal-records.ts";
import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";
import type { BudgetStore, BudgetTicket } from "#app/ledger/budget-store.ts";
import { budgetsOf } from "#test/builders/budgets.ts";
import { createServerDatabase, describeOnEachDatabase } from "#test/builders/databases.ts";
import { cutoffs, requestFor } from "#test/builders/records-worlds.ts";

const nowMs = Date.parse("2026-03-29T12:00:00Z");
const day = "2026-03-29";
const leaseMs = 90_000;
const ticket = (shop: string, requestId: string, microUsd = 40_000): BudgetTicket => ({
  shop,
  day,
  requestId,
  microUsd,
});

describeOnEachDatabase("the budget store", (open) => {
  let database: Database;
  let store: BudgetStore;
  beforeAll(async () => {
    database = await open();
    store = createPrismaBudgetStore(database.prisma);
  });
  afterAll(() => database.close());

  const ask = (of: BudgetTicket, limits: Partial<BudgetLimits>, atMs = nowMs) =>
    store.reserve(of, { limits: budgetsOf(limits), nowMs: atMs, leaseMs });
  const reserve = (of: BudgetTicket, shopDay = 100_000, atMs = nowMs) => ask(of, { shopDay }, atMs);
  const settle = (of: BudgetTicket, callId: string, spentMicroUsd: number, atMs = nowMs) =>
    store.settle(of, { callId, spentMicroUsd, nowMs: atMs });
  const committed = async (shop: string, atMs = nowMs) => (await store.committed(shop, day, atMs)).shopDay;
  const full = { allowed: false, blockedBy: "shopDay" };

  it("sets money aside up to the limit, to the last micro-dollar", async () => {
    expect(await reserve(ticket("limit", "a", 60_000))).toEqual({ allowed: true });
    expect(await reserve(ticket("limit", "b", 40_001))).toEqual(full);
    expect(await reserve(ticket("limit", "c", 40_000))).toEqual({ allowed: true });
    expect(await reserve(ticket("limit", "d", 1))).toEqual(full);
    expect(await committed("limit")).toBe(100_000);
  });

  it("never passes the limit with a hundred requests at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => reserve(ticket("crowd", `r${n}`), 410_000)),
    );
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(10);
    expect(await committed("crowd")).toBe(400_000);
  });

  it("holds once for a request that comes again, and begins its lease anew", async () => {
    await reserve(ticket("again", "a"));
    expect(await reserve(ticket("again", "a"), 40_000, nowMs + 60_000)).toEqual({ allowed: true });
    expect(await committed("again", nowMs + leaseMs)).toBe(40_000);
    expect(await committed("again", nowMs + 60_000 + leaseMs)).toBe(0);
  });

  it("holds another amount for a request that comes again at another price", async () => {
    await reserve(ticket("dearer", "a"));
    expect(await reserve(ticket("dearer", "a", 100_001))).toEqual(full);
    expect(await reserve(ticket("dearer", "a", 100_000))).toEqual({ allowed: true });
    expect(await committed("dearer")).toBe(100_000);
  });

  it("lets a hold take the place of another one, all at once or not at all", async () => {
    await reserve(ticket("swap", "por", 60_000));
    await reserve(ticket("swap", "else", 40_000));
    const swap = (microUsd: number) =>
      store.reserve(ticket("swap", "att", microUsd), {
        limits: budgetsOf({ shopDay: 100_000 }),
        nowMs,
        leaseMs,
        insteadOf: "por",
      });
    expect(await swap(60_001)).toEqual(full);
    expect(await committed("swap")).toBe(100_000);
    expect(await swap(50_000)).toEqual({ allowed: true });
    expect(await committed("swap")).toBe(90_000);
    expect(await swap(60_000)).toEqual({ allowed: true });
    await store.release(ticket("swap", "por"));
    await settle(ticket("swap", "att"), "att", 55_000);
    expect(await committed("swap")).toBe(95_000);
    await store.reserve(ticket("swap", "next", 1_000), {
      limits: budgetsOf({ shopDay: 100_000 }),
      nowMs,
      leaseMs,
      insteadOf: "att",
    });
    expect(await committed("swap")).toBe(96_000);
  });

  it("settles what a call came to out of its hold, once; the rest stays held until it is given back", async () => {
    await reserve(ticket("settle", "a"));
    for (let repeat = 0; repeat < 3; repeat++) await settle(ticket("settle", "a"), "call 1", 15_000);
    expect(await committed("settle")).toBe(40_000);
    await settle(ticket("settle", "a"), "call 1", 39_000);
    await store.release(ticket("settle", "a"));
    expect(await committed("settle", nowMs + 10 * leaseMs)).toBe(15_000);
  });

  it("settles once what many say at once", async () => {
    await reserve(ticket("many", "a"));
    await Promise.all(Array.from({ length: 20 }, () => settle(ticket("many", "a"), "call 2", 15_000)));
    await store.release(ticket("many", "a"));
    expect(await committed("many")).toBe(15_000);
  });

  it("counts more than was held with all of it", async () => {
    await reserve(ticket("more", "a"));
    await settle(ticket("more", "a"), "call 3", 41_000);
    expect(await committed("more")).toBe(41_000);
  });

  it("counts what was spent although its hold had lapsed, or never was", async () => {
    await reserve(ticket("gone", "lapsed"));
    await settle(ticket("gone", "lapsed"), "call 4", 30_000, nowMs + leaseMs);
    await settle(ticket("gone", "never"), "call 5", 5_000);
    expect(await committed("gone", nowMs + leaseMs)).toBe(35_000);
  });

  it("never forgets what was spent because the same name is reserved again or given back", async () => {
    await settle(ticket("spent", "a"), "a", 90_000);
    expect(await reserve(ticket("spent", "a"))).toEqual({ allowed: true });
    await store.release(ticket("spent", "a"));
    expect(await committed("spent")).toBe(90_000);
    expect(await committed("spent", nowMs + 2 * leaseMs)).toBe(90_000);
  });

  it("gives a hold back, twice without harm, and nothing that is settled", async () => {
    await reserve(ticket("back", "a"));
    await store.release(ticket("back", "a"));
    await store.release(ticket("back", "a"));
    expect(await committed("back")).toBe(0);
    await reserve(ticket("back", "b"));
    await settle(ticket("back", "b"), "call 6", 12_000);
    await store.release(ticket("back", "b"));
    expect(await committed("back")).toBe(12_000);
  });

  it("lets a hold lapse at the end of its lease", async () => {
    await reserve(ticket("lapse", "dead", 100_000));
    expect(await reserve(ticket("lapse", "next"), 100_000, nowMs + leaseMs - 1)).toEqual(full);
    expect(await reserve(ticket("lapse", "next"), 100_000, nowMs + leaseMs)).toEqual({ allowed: true });
  });

  it("lets what costs nothing pass until the day's money is all spent", async () => {
    expect(await reserve(ticket("free", "a", 0))).toEqual({ allowed: true });
    await reserve(ticket("free", "b", 100_000));
    expect(await reserve(ticket("free", "c", 0))).toEqual(full);
  });

  it("keeps days and shops apart, and adds them up in months", async () => {
    const next = { ...ticket("apart", "a", 100_000), day: "2026-03-30" };
    const april = { ...next, day: "2026-04-01" };
    await reserve(ticket("apart", "a", 100_000));
    expect(await reserve(ticket("other", "a", 100_000))).toEqual({ allowed: true });
    expect(await reserve(next)).toEqual({ allowed: true });
    expect(await store.committed("apart", "2026-03-31", nowMs)).toMatchObject({ shopDay: 0, shopMonth: 200_000 });
    const monthFull = { allowed: false, blockedBy: "shopMonth" };
    expect(await ask({ ...next, requestId: "b" }, { shopDay: 1_000_000, shopMonth: 299_999 })).toEqual(monthFull);
    expect(await ask({ ...next, requestId: "b" }, { shopDay: 50_000, shopMonth: 299_999 })).toEqual(monthFull);
    expect(await ask(april, { shopMonth: 299_999 })).toEqual({ allowed: true });
  });
});

describeOnEachDatabase("the budget of the whole installation", (open) => {
  let database: Database;
  let store: BudgetStore;
  let last = 0;
  let today = day;
  beforeAll(async () => {
    database = await open();
    store = createPrismaBudgetStore(database.prisma);
  });
  afterAll(() => database.close());
  // The installation's money is shared by all tests: each has a month of its own.
  const newMonth = () => (today = `20${String(30 + (last += 1)).padStart(2, "0")}-05-10`);
  const of = (shop: string, requestId: string, microUsd = 40_000) => ({ shop, day: today, requestId, microUsd });
  const ask = (one: BudgetTicket, limits: Partial<BudgetLimits>) =>
    store.reserve(one, { limits: budgetsOf(limits), nowMs, leaseMs });

  it("is never passed by a crowd of shops, each within its own", async () => {
    newMonth();
    const crowd = Array.from({ length: 60 }, (_, n) =>
      ask(of(`shop ${n % 6}`, `r${n}`), { shopDay: 120_000, installationDay: 410_000 }),
    );
    const answers = await Promise.all(crowd);
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(10);
    const sums = await store.committed(null, today, nowMs);
    expect(sums).toEqual({ installationDay: 400_000, installationMonth: 400_000, shopDay: 0, shopMonth: 0 });
    expect(answers.find(({ allowed }) => !allowed)).toMatchObject({ allowed: false });
  });

  it("says which budget has no room, a month before a day", async () => {
    newMonth();
    await ask(of("a", "1"), {});
    const blockedBy = async (limits: Partial<BudgetLimits>) => {
      const answer = await ask(of("b", "1"), limits);
      return answer.allowed ? null : answer.blockedBy;
    };
    expect(await blockedBy({ installationDay: 79_999, shopDay: 40_000 })).toBe("installationDay");
    expect(await blockedBy({ installationDay: 79_999, installationMonth: 79_999 })).toBe("installationMonth");
    expect(await blockedBy({ installationMonth: 80_000, installationDay: 80_000, shopMonth: 39_999 })).toBe(
      "shopMonth",
    );
    expect(await blockedBy({ installationMonth: 80_000, installationDay: 80_000 })).toBeNull();
  });

  it("keeps what a shop has spent when the shop is forgotten, under no name", async () => {
    newMonth();
    const [gone, stays] = ["gone.myshopify.com", "stays.myshopify.com"];
    for (const shop of [gone, stays]) {
      await ask(of(shop, "por"), {});
      await store.settle(of(shop, "por"), { callId: "att", spentMicroUsd: 30_000, nowMs });
      await store.release(of(shop, "por"));
    }
    const records = createPrismaPersonalRecords(database.prisma);
    const request = requestFor(gone, "shop_redact");
    await records.open(request);
    await records.forgetShop(request);
    expect(await store.committed(gone, today, nowMs)).toMatchObject({ shopDay: 0, installationDay: 60_000 });
    expect(await store.committed(stays, today, nowMs)).toMatchObject({ shopDay: 30_000, installationMonth: 60_000 });
    const named = await database.pool.query(`SELECT 1 FROM "BudgetDay" AS d WHERE to_jsonb(d)::text LIKE '%gone.%'`);
    expect(named.rowCount).toBe(0);
  });

  it("forgets entries that are too old, and none of their sums", async () => {
    newMonth();
    await ask(of("swept", "por"), {});
    await store.settle(of("swept", "por"), { callId: "att", spentMicroUsd: 30_000, nowMs });
    const records = createPrismaPersonalRecords(database.prisma);
    const sweepAt = (atMs: number) =>
      records.forgetExpired({ ...cutoffs(new Date(0)), quotaEntries: new Date(atMs) }, 1_000);
    const left = () => database.prisma.budgetEntry.count({ where: { shop: "swept" } });
    await sweepAt(nowMs);
    expect(await left()).toBe(2);
    await sweepAt(nowMs + leaseMs + 1);
    expect(await left()).toBe(0);
    expect(await store.committed("swept", today, nowMs)).toMatchObject({ shopDay: 30_000, installationDay: 30_000 });
  });
});

/** As two instances of the app would, each with connections of its own. */
describe.skipIf(inject("postgresUrl") === null)("the budget on two pools of one PostgreSQL server", () => {
  let databases: Database[];
  beforeAll(async () => {
    const url = await createServerDatabase();
    const open = () => databaseOn(openServer(url, 10), { embedded: false, unlock: async () => undefined });
    databases = [open(), open()];
  });
  afterAll(() => Promise.all(databases.map((database) => database.close())));

  it("is spent to the last whole hold by two hundred requests at once, and no further", async () => {
    const stores = databases.map((database) => createPrismaBudgetStore(database.prisma));
    const limits = budgetsOf({ shopDay: 1_000_000, installationDay: 2_430_000 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const store = stores[n % 2] as BudgetStore;
        const of = ticket(`shop ${n % 4}`, `r${n}`, 30_000);
        const { allowed } = await store.reserve(of, { limits, nowMs, leaseMs });
        if (allowed && n % 3 === 0) await store.settle(of, { callId: `c${n}`, spentMicroUsd: 30_000, nowMs });
        return allowed;
      }),
    );
    expect(answers.filter((allowed) => allowed)).toHaveLength(81);
    expect(await stores[0]?.committed(null, day, nowMs)).toMatchObject({ installationDay: 2_430_000 });
  });
});
