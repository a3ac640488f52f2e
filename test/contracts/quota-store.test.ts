import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openServer, databaseOn } from "#app/adapters/prisma/open-database.ts";
import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { createServerDatabase } from "#test/builders/databases.ts";
import { describeOnEachQuotaStore, type QuotaWorld } from "#test/builders/quota-stores.ts";
import { aDay, at, burstClaim, dayClaim, ticketOf } from "#test/builders/quota-tickets.ts";

const leaseMs = 90_000;
const held = { allowed: true, state: "held" };
const committed = { allowed: true, state: "committed" };

describeOnEachQuotaStore("the quota store", (open) => {
  let world: QuotaWorld;
  let store: QuotaStore;
  beforeAll(async () => {
    world = await open();
    store = world.store;
  });
  afterAll(() => world.close());

  const reserve = (ticket: ReturnType<typeof ticketOf>, nowMs = at()) => store.reserve(ticket, { nowMs, leaseMs });
  const use = async (ticket: ReturnType<typeof ticketOf>, nowMs = at()) => {
    expect(await reserve(ticket, nowMs)).toEqual(held);
    expect(await store.commit(ticket, { nowMs })).toBe("committed");
  };
  const used = async (shop: string, claim: ReturnType<typeof dayClaim>, nowMs = at()) =>
    (await store.usage(shop, [claim], { nowMs }))[0]?.used;

  describe("tiers", () => {
    it("are charged together, once", async () => {
      const claims = [dayClaim("c:together", 5), burstClaim("s:together", 3)];
      await use(ticketOf("together", claims));
      expect((await store.usage("together.shop", claims, { nowMs: at() })).map(({ used }) => used)).toEqual([1, 1]);
    });

    it("are charged in none where one refuses", async () => {
      const [day, burst] = [dayClaim("c:none", 5), burstClaim("s:none", 1)];
      await use(ticketOf("none", [day, burst], "first"));
      const refused = await reserve(ticketOf("none", [day, burst], "second"));
      expect(refused).toEqual({ allowed: false, blockedBy: "burst", retryAtMs: at() + 600_000 });
      expect(await used("none.shop", day)).toBe(1);
    });

    it("name the first one that is full, in the order of the claims", async () => {
      const claims = [dayClaim("c:first", 1), burstClaim("s:first", 1)];
      await use(ticketOf("first", claims, "a"));
      expect(await reserve(ticketOf("first", claims, "b"))).toMatchObject({ blockedBy: "day" });
    });

    it("are counted for one shop and not for another", async () => {
      const claims = [dayClaim("c:1", 1)];
      await use(ticketOf("one", claims));
      await use(ticketOf("other", claims));
    });
  });

  describe("a request", () => {
    it("that comes twice joins its own hold, and the lease begins anew", async () => {
      const day = dayClaim("c:join", 1);
      const ticket = ticketOf("join", [day]);
      expect(await reserve(ticket)).toEqual(held);
      expect(await reserve(ticket, at(60_000))).toEqual(held);
      expect(await used("join.shop", day, at(60_000 + leaseMs - 1))).toBe(1);
      expect(await used("join.shop", day, at(60_000 + leaseMs))).toBe(0);
    });

    it("that is committed is told so and charged no second time", async () => {
      const day = dayClaim("c:replay", 1);
      const ticket = ticketOf("replay", [day]);
      await use(ticket);
      expect(await reserve(ticket, at(leaseMs * 2))).toEqual(committed);
      expect(await store.commit(ticket, { nowMs: at(1) })).toBe("committed");
      expect(await used("replay.shop", day)).toBe(1);
    });

    it("that is refunded frees the room, may be held anew and charged then", async () => {
      const day = dayClaim("c:anew", 1);
      const ticket = ticketOf("anew", [day]);
      await reserve(ticket);
      await store.refund(ticket, { nowMs: at() });
      await store.refund(ticket, { nowMs: at() });
      expect(await used("anew.shop", day)).toBe(0);
      expect(await reserve(ticket, at(1))).toEqual(held);
      expect(await store.commit(ticket, { nowMs: at(2) })).toBe("committed");
      expect(await used("anew.shop", day, at(3))).toBe(1);
    });

    it("that is refunded and told late is never charged, whoever holds it anew: another one was charged instead", async () => {
      const day = dayClaim("c:let-off", 1);
      const ticket = ticketOf("let-off", [day]);
      await reserve(ticket);
      await store.refund(ticket, { nowMs: at() });
      expect(await store.commit(ticket, { nowMs: at() })).toBe("late");
      expect(await reserve(ticket, at(1))).toEqual(committed);
      expect(await store.commit(ticket, { nowMs: at(2) })).toBe("late");
      expect(await used("let-off.shop", day, at(3))).toBe(0);
    });

    it("that is committed stays so when it is refunded", async () => {
      const day = dayClaim("c:stays", 1);
      const ticket = ticketOf("stays", [day]);
      await use(ticket);
      await store.refund(ticket, { nowMs: at() });
      expect(await used("stays.shop", day)).toBe(1);
    });

    it("that was never held is refunded without a trace", async () => {
      await store.refund(ticketOf("trace", [dayClaim("c:trace", 1)]), { nowMs: at() });
      expect(await world.entriesOf("trace.shop")).toBe(0);
    });
  });

  describe("a lease", () => {
    it("holds until its last millisecond and counts for nothing after", async () => {
      const day = dayClaim("c:lease", 1);
      await reserve(ticketOf("lease", [day], "dead"));
      expect(await reserve(ticketOf("lease", [day], "next"), at(leaseMs - 1))).toMatchObject({ allowed: false });
      expect(await reserve(ticketOf("lease", [day], "next"), at(leaseMs))).toEqual(held);
    });

    it("that ran out is still charged where there is room, and not where there is none", async () => {
      const day = dayClaim("c:late", 1);
      const [slow, quick] = [ticketOf("late", [day], "slow"), ticketOf("late", [day], "quick")];
      await reserve(slow);
      await use(quick, at(leaseMs));
      expect(await store.commit(slow, { nowMs: at(leaseMs + 1) })).toBe("late");
      expect(await store.commit(slow, { nowMs: at(leaseMs + 2) })).toBe("late");
      expect(await used("late.shop", day, at(leaseMs + 3))).toBe(1);

      const alone = ticketOf("alone", [day]);
      await reserve(alone);
      expect(await store.commit(alone, { nowMs: at(leaseMs * 3) })).toBe("committed");
    });
  });

  describe("a day", () => {
    it("ends at UTC midnight to the millisecond", async () => {
      const midnight = Date.parse("2026-03-30T00:00:00Z");
      const [before, after] = [dayClaim("c:day", 1, midnight - 1), dayClaim("c:day", 1, midnight)];
      await use(ticketOf("day", [before], "a"), midnight - 1);
      expect(await reserve(ticketOf("day", [before], "b"), midnight - 1)).toEqual({
        allowed: false,
        blockedBy: "day",
        retryAtMs: midnight,
      });
      await use(ticketOf("day", [after], "c"), midnight);
      expect(await reserve(ticketOf("day", [after], "d"), midnight)).toMatchObject({ retryAtMs: midnight + aDay });
    });

    it("that has just ended frees its room at once and not a day later", async () => {
      const midnight = Date.parse("2026-03-30T00:00:00Z");
      const yesterday = dayClaim("c:just", 1, midnight - 1);
      await use(ticketOf("just", [yesterday], "a"), midnight - 1);
      expect(await reserve(ticketOf("just", [yesterday], "b"), midnight + 1)).toMatchObject({ retryAtMs: midnight });
    });

    it("is charged in which the request was held, also when it ends on the next", async () => {
      const midnight = Date.parse("2026-03-30T00:00:00Z");
      const [before, after] = [dayClaim("c:over", 1, midnight - 1), dayClaim("c:over", 1, midnight)];
      const ticket = ticketOf("over", [before]);
      await reserve(ticket, midnight - 1);
      expect(await store.commit(ticket, { nowMs: midnight + 1 })).toBe("committed");
      expect(await used("over.shop", before, midnight + 1)).toBe(1);
      expect(await used("over.shop", after, midnight + 1)).toBe(0);
    });
  });

  it("lets a burst go on when its oldest use is ten minutes old, to the millisecond", async () => {
    const burst = burstClaim("s:roll", 2);
    await use(ticketOf("roll", [burst], "a"), at());
    await use(ticketOf("roll", [burst], "b"), at(60_000));
    const third = ticketOf("roll", [burst], "c");
    expect(await reserve(third, at(60_001))).toMatchObject({ blockedBy: "burst", retryAtMs: at(600_000) });
    expect(await reserve(third, at(599_999))).toMatchObject({ allowed: false });
    expect(await reserve(third, at(600_000))).toEqual(held);
  });

  it("takes a request that was forgotten for a new one", async () => {
    const ticket = ticketOf("again", [dayClaim("c:again", 1)]);
    await use(ticket);
    await store.forgetShop("again.shop");
    await use(ticket);
  });

  it("forgets a whole shop and no other", async () => {
    for (let n = 0; n < 3; n++) await use(ticketOf("gone", [dayClaim(`c:${n}`, 5), burstClaim(`s:${n}`, 5)]));
    await use(ticketOf("gone.shop.stays", [dayClaim("c:0", 5)]));
    expect(await store.forgetShop("gone.shop")).toBe(6);
    expect(await world.entriesOf("gone.shop")).toBe(0);
    expect(await world.entriesOf("gone.shop.stays.shop")).toBe(1);
    expect(await store.forgetShop("gone.shop")).toBe(0);
  });

  it("gives the last unit to exactly one of a crowd", async () => {
    const claims = [dayClaim("c:crowd", 5), burstClaim("s:crowd", 100)];
    for (let n = 0; n < 4; n++) await use(ticketOf("crowd", claims, `early-${n}`));
    const answers = await Promise.all(
      Array.from({ length: world.crowd }, (_, n) => reserve(ticketOf("crowd", claims, `crowd-${n}`))),
    );
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(1);
    expect((await store.usage("crowd.shop", claims, { nowMs: at() })).map(({ used }) => used)).toEqual([5, 5]);
  });

  it("holds one unit for one request that comes many times at once", async () => {
    const day = dayClaim("c:same", 5);
    const ticket = ticketOf("same", [day]);
    const answers = await Promise.all(Array.from({ length: 40 }, () => reserve(ticket)));
    expect(answers).toEqual(answers.map(() => held));
    expect(await used("same.shop", day)).toBe(1);
  });
});

describe.skipIf(inject("postgresUrl") === null)("two quota stores on one server", () => {
  it("never let more pass than the limit, whichever is asked, and wait for each other in no circle", async () => {
    const url = await createServerDatabase();
    const databases = [0, 1].map(() =>
      databaseOn(openServer(url, 8), { embedded: false, unlock: async () => undefined }),
    );
    const stores = databases.map(({ prisma }) => createPrismaQuotaStore(prisma));
    const answers = await Promise.all(
      Array.from({ length: 160 }, async (_, n) => {
        const claims = [dayClaim("c:two", 5), burstClaim(`s:${n % 4}`, 100)];
        const ticket = ticketOf("two", n % 3 === 0 ? claims.reverse() : claims, `r${n}`);
        const store = stores[n % 2];
        const answer = await store?.reserve(ticket, { nowMs: at(), leaseMs });
        return answer?.allowed === true ? store?.commit(ticket, { nowMs: at() }) : "refused";
      }),
    );
    expect(answers.filter((answer) => answer === "committed")).toHaveLength(5);
    expect(answers.filter((answer) => answer === "refused")).toHaveLength(155);
    for (const database of databases) await database.close();
  });
});
