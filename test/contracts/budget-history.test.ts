import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { budgetNames, type BudgetLimits } from "#app/ledger/budget-decisions.ts";
import type { BudgetStore, BudgetTicket } from "#app/ledger/budget-store.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { createMemoryBudgetStore } from "#test/builders/memory-budget-store.ts";

const leaseMs = 90_000;
const beganMs = Date.parse("2026-03-31T23:59:00Z");
const limits: BudgetLimits = { shopDay: 60, installationDay: 90, shopMonth: 100, installationMonth: 130 };
const shops = ["one", "two"];

const step = fc.record({
  what: fc.constantFrom("reserve", "reserve", "begin a call", "settle", "settle", "release"),
  shop: fc.constantFrom(...shops),
  request: fc.integer({ min: 0, max: 2 }),
  dayOfMonth: fc.constantFrom("30", "31"),
  microUsd: fc.integer({ min: 0, max: 40 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
/** Steps that begin together, and how long it is until the next ones do. Nobody asks twice at once for the same request. */
const burst = fc.record({
  steps: fc.uniqueArray(step, { selector: nameOf, minLength: 3, maxLength: 12, size: "max" }),
  waitMs: fc.constantFrom(1, leaseMs / 2, leaseMs),
});
const history = fc.array(burst, { minLength: 6, maxLength: 8, size: "max" });

function nameOf({ shop, request, dayOfMonth }: Pick<Step, "shop" | "request" | "dayOfMonth">): string {
  return `${shop} ${dayOfMonth} ${request}`;
}

/** What became of the steps: a history in which nothing happens proves nothing. */
const nothingSeen = { held: 0, refused: 0, "call begun": 0, settled: 0, "given back": 0 };
type Seen = typeof nothingSeen;
let run = 0;

/** Every history in a year of its own, because the installation's money is everybody's. */
const ticketOf = (year: number, { shop, request, dayOfMonth, microUsd }: Step): BudgetTicket => ({
  shop,
  day: `${year}-03-${dayOfMonth}`,
  requestId: `r${request}`,
  microUsd,
});

async function sumsOf(store: BudgetStore, year: number, nowMs: number) {
  const sums = shops.flatMap((shop) =>
    ["30", "31"].map((dayOfMonth) => store.committed(shop, `${year}-03-${dayOfMonth}`, nowMs)),
  );
  return Promise.all(sums);
}

/** Settles only what is held, and never more than that: who does so must stay within every limit. */
function createShopkeeper(store: BudgetStore, { year, seen }: { year: number; seen: Seen }) {
  const held = new Map<string, { id: string; microUsd: number; untilMs: number }>();
  let calls = 0;
  const reserve = async (of: Step, id: string, options: { nowMs: number; insteadOf?: string }) => {
    const ticket = { ...ticketOf(year, of), requestId: id };
    const { allowed } = await store.reserve(ticket, { limits, leaseMs, ...options });
    seen[allowed ? "held" : "refused"] += 1;
    if (allowed) held.set(nameOf(of), { id, microUsd: of.microUsd, untilMs: options.nowMs + leaseMs });
    return allowed;
  };
  const play = async (of: Step, nowMs: number): Promise<void> => {
    const ticket = ticketOf(year, of);
    const hold = held.get(nameOf(of));
    const isLive = hold !== undefined && hold.untilMs > nowMs;
    if (of.what === "reserve") return void (await reserve(of, hold?.id ?? ticket.requestId, { nowMs }));
    if (of.what === "begin a call") {
      const insteadOf = hold?.id ?? ticket.requestId;
      if (await reserve(of, `k${(calls += 1)}`, { nowMs, insteadOf })) seen["call begun"] += 1;
    }
    if (of.what === "settle" && isLive) {
      const spentMicroUsd = Math.min(of.microUsd, hold.microUsd);
      // A call that has a hold of its own leaves nothing held; one that is paid out of a request's hold leaves the rest.
      const callId = hold.id.startsWith("k") ? hold.id : `c${(calls += 1)}`;
      await store.settle({ ...ticket, requestId: hold.id }, { callId, spentMicroUsd, nowMs });
      if (callId === hold.id) held.delete(nameOf(of));
      else hold.microUsd -= spentMicroUsd;
      seen.settled += 1;
    }
    if (of.what === "release") {
      await store.release({ ...ticket, requestId: hold?.id ?? ticket.requestId });
      held.delete(nameOf(of));
      seen["given back"] += 1;
    }
  };
  return { play };
}

describeOnEachDatabase("any history of a budget", (open) => {
  let database: Database;
  let store: BudgetStore;
  beforeAll(async () => {
    database = await open();
    store = createPrismaBudgetStore(database.prisma);
  });
  afterAll(() => database.close());

  it("passes no limit, whatever is done at once, while no call costs more than is held for it", async () => {
    const seen = { ...nothingSeen };
    await fc.assert(
      fc.asyncProperty(history, async (bursts) => {
        const year = 2030 + (run += 1);
        const shopkeeper = createShopkeeper(store, { year, seen });
        let nowMs = beganMs;
        for (const { steps, waitMs } of bursts) {
          await Promise.all(steps.map((of) => shopkeeper.play(of, nowMs)));
          for (const sums of await sumsOf(store, year, nowMs))
            for (const name of budgetNames) expect(sums[name]).toBeLessThanOrEqual(limits[name] ?? 0);
          nowMs += waitMs;
        }
      }),
      { numRuns: 25 },
    );
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(20);
  });

  it("comes out as the rules say, step by step, late calls and repeats too", async () => {
    let settled = 0;
    await fc.assert(
      fc.asyncProperty(history, async (bursts) => {
        const year = 2030 + (run += 1);
        const memory = createMemoryBudgetStore().store;
        let nowMs = beganMs;
        for (const { steps, waitMs } of bursts) {
          for (const of of steps) {
            const ticket = ticketOf(year, of);
            const call = { callId: `c${of.microUsd % 4}`, spentMicroUsd: of.microUsd, nowMs };
            const [answer, expected] = await Promise.all(
              [store, memory].map((either) => {
                const lease = { limits, nowMs, leaseMs };
                if (of.what === "reserve") return either.reserve(ticket, lease);
                if (of.what === "begin a call")
                  return either.reserve(
                    { ...ticket, requestId: call.callId },
                    { ...lease, insteadOf: ticket.requestId },
                  );
                return of.what === "settle" ? either.settle(ticket, call) : either.release(ticket);
              }),
            );
            expect(answer).toEqual(expected);
            if (of.what === "settle") settled += 1;
          }
          expect(await sumsOf(store, year, nowMs)).toEqual(await sumsOf(memory, year, nowMs));
          nowMs += waitMs;
        }
      }),
      { numRuns: 15 },
    );
    expect(settled).toBeGreaterThan(20);
  });
});
