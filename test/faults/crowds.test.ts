import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";
import type { HouseProcess } from "#test/builders/house-processes.ts";
import { audit } from "./auditor.ts";
import { report, scaled } from "./figures.ts";
import { openWorld, type World } from "./world.ts";

const crowd = scaled({ short: 300, full: 500 });
const rounds = scaled({ short: 1, full: 50 });
/** Ten takes of each photo are as many different portraits as the crowd is large. */
const takesOfEach = 10;

describe.skipIf(inject("postgresUrl") === null)("a crowd before two processes on one server", () => {
  let world: World;
  let both: HouseProcess[];
  beforeAll(async () => {
    world = await openWorld({ MOST_WAITING: "5000" });
    both = [await world.start(), await world.start()];
  });
  afterAll(async () => expect(await world.close()).toEqual([]));

  const browsersOf = async (customer: string, count: number) => {
    const browsers: TestShopper[] = [];
    for (let n = 0; n < count; n++) browsers.push(await comeAsShopper(both[n % 2]?.url ?? "", { customer }));
    return browsers;
  };
  const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
  const ready = (customer: string) =>
    world.database.prisma.portrait.count({ where: { shopper: `c:${customer}`, status: "ready", cached: false } });
  const charges = (customer: string) =>
    world.database.prisma.quotaEntry.count({ where: { subject: `c:${customer}`, tier: "day", state: "done" } });

  it("R1: exactly five of one customer's wishes pass, from many browsers at once, and nobody meets a 5xx", async () => {
    for (let round = 0; round < rounds; round++) {
      const customer = String(9_000 + round);
      const browsers = await browsersOf(customer, 20);
      const photos: string[] = [];
      for (let n = 0; n < crowd / takesOfEach; n++)
        photos.push(await of(browsers, n).give(await smallPhoto(round * 100 + n)));
      const answers = await Promise.all(
        Array.from({ length: crowd }, (_, n) =>
          of(browsers, n).ask(of(photos, n), { take: Math.floor(n / photos.length) + 1 }),
        ),
      );
      const count = (status: number) => answers.filter((answer) => answer.status === status).length;
      expect({ passed: count(202), refused: count(429) }).toEqual({ passed: 5, refused: crowd - 5 });
      await until(async () => (await ready(customer)) === 5);
      await until(async () => (await charges(customer)) === 5);
    }
    report("R1", `${rounds} × ${crowd} at once on two processes: 5 passed and ${crowd - 5} met 429 each time, no 5xx`);
  });

  it("R2: what is asked under one key is painted once and charged once, and everybody has the same answer", async () => {
    const calls = world.provider.calls.length;
    world.provider.faults.next({ kind: "delay", ms: 500 });
    const here = await comeAsShopper(both[0]?.url ?? "", { customer: "8000" });
    const there = await comeAsShopper(both[1]?.url ?? "", { customer: "8000", session: here.session.session });
    const photo = await here.give(await smallPhoto(77));
    const answers = await Promise.all(
      Array.from({ length: crowd }, (_, n) =>
        (n % 2 === 0 ? here : there).ask(photo, {}, { key: "one-key-for-all-of-them" }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await here.wait(answers[0]?.body.portrait.id ?? "")).status).toBe("ready");
    expect(world.provider.calls.length).toBe(calls + 1);
    expect(await charges("8000")).toBe(1);
    report("R2", `${crowd} identical requests on two processes: 1 call, 1 charge, ${crowd} identical answers`);
  });

  it("leaves books that agree", async () => {
    await until(async () => (await world.database.prisma.attempt.count({ where: { outcome: "running" } })) === 0);
    for (const { stop } of both) await stop();
    expect(await audit(world, { atMs: Date.now() + 91_000 })).toEqual([]);
  });
});

const shops = scaled({ short: 4, full: 10 });
const customersOfEach = scaled({ short: 8, full: 100 });

describe.skipIf(inject("postgresUrl") === null)("R3: many shops with a provider that fails every tenth call", () => {
  it("get their portraits, are charged for what they got, and never more than their limits", async () => {
    const world = await openWorld({ MOST_WAITING: "20000" });
    world.provider.faults.every(10);
    const both = [await world.start(), await world.start()];
    let asked = 0;
    let refused = 0;
    const shopping = async (shop: number, customer: number) => {
      const who = { shop: `shop-${shop}.myshopify.com`, customer: String(1_000 + customer) };
      const shopper = await comeAsShopper(of(both, customer).url, who);
      const photo = await shopper.give(await smallPhoto(shop * 1_000 + customer));
      // Every third one wants more than they may have.
      const wishes = customer % 3 === 0 ? 7 : 1 + (customer % 3);
      const answers = await Promise.all(Array.from({ length: wishes }, (_, n) => shopper.ask(photo, { take: n + 1 })));
      const accepted = answers.filter(({ status }) => status === 202);
      expect(answers.filter(({ status }) => status !== 202 && status !== 429)).toEqual([]);
      expect(accepted.length).toBe(Math.min(wishes, 5));
      asked += accepted.length;
      refused += wishes - accepted.length;
      const portraits = [];
      for (const { body } of accepted) portraits.push(await shopper.wait(body.portrait.id));
      const got = portraits.filter(({ status }) => status === "ready").length;
      await until(async () => (await shopper.quota()).used === got);
      return got;
    };
    const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
    let got = 0;
    for (let customer = 0; customer < customersOfEach; customer++)
      got += (await Promise.all(Array.from({ length: shops }, (_, shop) => shopping(shop, customer)))).reduce(
        (sum, count) => sum + count,
        0,
      );
    await until(async () => (await world.database.prisma.attempt.count({ where: { outcome: "running" } })) === 0);
    for (const { stop } of both) await stop();
    expect(await audit(world, { atMs: Date.now() + 91_000 })).toEqual([]);
    expect(got / asked).toBeGreaterThanOrEqual(0.998);
    expect(refused).toBeGreaterThan(0);
    const errors = await world.close();
    expect(errors).toEqual([]);
    report(
      "R3",
      `${shops} shops × ${customersOfEach} customers: ${got} of ${asked} ready (${((100 * got) / asked).toFixed(2)} %), ` +
        `${world.provider.calls.length} calls, ${refused} wishes beyond the limit refused, the books agree`,
    );
  });
});
