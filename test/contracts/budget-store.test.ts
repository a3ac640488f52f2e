import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import type { BudgetStore, BudgetTicket } from "#app/ledger/budget-store.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";

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

  const reserve = (of: BudgetTicket, limitMicroUsd = 100_000, atMs = nowMs) =>
    store.reserve(of, { limitMicroUsd, nowMs: atMs, leaseMs });
  const committed = (shop: string, atMs = nowMs) => store.committedMicroUsd(shop, day, atMs);

  it("sets money aside up to the limit, to the last micro-dollar", async () => {
    expect(await reserve(ticket("limit", "a", 60_000))).toEqual({ allowed: true });
    expect(await reserve(ticket("limit", "b", 40_001))).toEqual({ allowed: false });
    expect(await reserve(ticket("limit", "c", 40_000))).toEqual({ allowed: true });
    expect(await reserve(ticket("limit", "d", 1))).toEqual({ allowed: false });
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

  it("settles with what was spent, more or less than was held, once", async () => {
    await reserve(ticket("settle", "a"));
    await reserve(ticket("settle", "b"));
    await store.settle(ticket("settle", "a"), 15_000);
    await store.settle(ticket("settle", "a"), 15_000);
    await store.settle(ticket("settle", "b"), 41_000);
    expect(await committed("settle")).toBe(56_000);
    expect(await committed("settle", nowMs + 10 * leaseMs)).toBe(56_000);
  });

  it("counts what was spent although its hold had lapsed, or never was", async () => {
    await reserve(ticket("gone", "lapsed"));
    await store.settle(ticket("gone", "lapsed"), 30_000);
    await store.settle(ticket("gone", "never"), 5_000);
    expect(await committed("gone", nowMs + 2 * leaseMs)).toBe(35_000);
  });

  it("never forgets what was spent because the same request is reserved again", async () => {
    await store.settle(ticket("spent", "a"), 90_000);
    expect(await reserve(ticket("spent", "a"))).toEqual({ allowed: true });
    expect(await committed("spent")).toBe(90_000);
    expect(await committed("spent", nowMs + 2 * leaseMs)).toBe(90_000);
  });

  it("gives a hold back, twice without harm, and nothing that is settled", async () => {
    await reserve(ticket("back", "a"));
    await store.release(ticket("back", "a"));
    await store.release(ticket("back", "a"));
    expect(await committed("back")).toBe(0);
    await reserve(ticket("back", "b"));
    await store.settle(ticket("back", "b"), 12_000);
    await store.release(ticket("back", "b"));
    expect(await committed("back")).toBe(12_000);
  });

  it("lets a hold lapse at the end of its lease", async () => {
    await reserve(ticket("lapse", "dead", 100_000));
    expect(await reserve(ticket("lapse", "next"), 100_000, nowMs + leaseMs - 1)).toEqual({ allowed: false });
    expect(await reserve(ticket("lapse", "next"), 100_000, nowMs + leaseMs)).toEqual({ allowed: true });
  });

  it("lets what costs nothing pass until the day's money is all spent", async () => {
    expect(await reserve(ticket("free", "a", 0))).toEqual({ allowed: true });
    await reserve(ticket("free", "b", 100_000));
    expect(await reserve(ticket("free", "c", 0))).toEqual({ allowed: false });
  });

  it("keeps days and shops apart", async () => {
    await reserve(ticket("apart", "a", 100_000));
    expect(await reserve(ticket("other", "a", 100_000))).toEqual({ allowed: true });
    expect(await reserve({ ...ticket("apart", "a", 100_000), day: "2026-03-30" })).toEqual({ allowed: true });
    expect(await store.committedMicroUsd("apart", "2026-03-31", nowMs)).toBe(0);
  });
});
