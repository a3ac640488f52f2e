import { describe, expect, inject, it } from "vitest";
import { killPoints, type KillPoint } from "#test/builders/kill-points.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";
import { audit } from "./auditor.ts";
import { report, scaled } from "./figures.ts";
import { openWorld, type World } from "./world.ts";

/** Each point so often, in so many installations at once: most of the time is waiting for a dead process to be missed. */
const rounds = scaled({ short: 1, full: 19 });
const worldsAtOnce = scaled({ short: 4, full: 6 });

/** Holds and open calls of the dead are over by then, milliseconds: ninety seconds and five minutes. */
const muchLaterMs = 10 * 60_000;

type Asked = { customer: string; session: string; photo: string; key: string; point: KillPoint };

/** Shoppers come one after the other; each one's process dies at a point of the walk, and the next one takes over. */
async function live(world: World, points: readonly KillPoint[], name: string): Promise<{ slowestMs: number }> {
  const asked: Asked[] = [];
  let slowestMs = 0;
  let house = await world.start();
  for (const [n, point] of points.entries()) {
    const customer = `${name}${n}`;
    const shopper = await comeAsShopper(house.url, { customer });
    const photo = await shopper.give(await smallPhoto(Number(name) * 1_000 + n));
    await house.dieAt(point);
    const key = `the-one-key-of-${customer}`;
    // Whether an answer came before the end or not, the shopper's browser asks again with the same key: here because a
    // machine that runs four installations at once can be too slow for one, which then asks to come back.
    const askAgain = async () => (await shopper.ask(photo, {}, { key }).catch(() => undefined))?.status === 503;
    while (await askAgain()) await new Promise((resolve) => setTimeout(resolve, 1_000));
    asked.push({ customer, session: shopper.session.session, photo, key, point });
    expect(await house.ended, point).toBe(null);
    const diedAtMs = performance.now();
    house = await world.start();
    await until(async () => (await world.database.prisma.portrait.count({ where: { status: "ready" } })) === n + 1);
    slowestMs = Math.max(slowestMs, performance.now() - diedAtMs);
  }
  for (const { customer, session, photo, key, point } of asked) {
    const shopper = await comeAsShopper(house.url, { customer, session });
    let again = await shopper.ask(photo, {}, { key });
    while (again.status === 503) again = await shopper.ask(photo, {}, { key });
    expect([200, 202], point).toContain(again.status);
    expect((await shopper.wait(again.body.portrait.id)).status, point).toBe("ready");
    const portraits = await world.database.prisma.portrait.findMany({ where: { shopper: `c:${customer}` } });
    expect(portraits.filter(({ cached }) => !cached).length, point).toBe(1);
    expect(await shopper.quota(), point).toMatchObject({ used: 1 });
  }
  await house.stop();
  return { slowestMs };
}

describe.skipIf(inject("postgresUrl") === null)("R4: a process that is killed in the middle of anything", () => {
  it("has its work taken up by the next: nothing lost, nothing charged twice, nothing held for ever", async () => {
    const points = Array.from({ length: rounds }, () => Object.keys(killPoints) as (keyof typeof killPoints)[]).flat();
    const shares = Array.from({ length: worldsAtOnce }, (_, n) => points.filter((_, at) => at % worldsAtOnce === n));
    const ends = await Promise.all(
      shares.map(async (share, n) => {
        const world = await openWorld();
        const { slowestMs } = await live(world, share, String(n + 1));
        // Long after, somebody looks again; what the dead had begun is settled by then.
        const later = await world.start({ CLOCK_AHEAD_MS: String(muchLaterMs) });
        await until(async () => (await world.database.prisma.attempt.count({ where: { outcome: "running" } })) === 0);
        await later.stop();
        const neverMade = share.filter((point) => point === "the painter is about to be called").length;
        const problems = await audit(world, { atMs: Date.now() + muchLaterMs, callsNeverMade: neverMade });
        const extraCalls = world.provider.calls.length - share.length;
        const errors = await world.close();
        return { problems, errors, extraCalls, slowestMs };
      }),
    );
    expect(ends.map(({ problems }) => problems)).toEqual(ends.map(() => []));
    expect(ends.map(({ errors }) => errors)).toEqual(ends.map(() => []));
    const extraCalls = ends.reduce((sum, end) => sum + end.extraCalls, 0);
    const mayCallTwice = points.filter((point) => point === "painted, not kept").length;
    expect(extraCalls).toBe(mayCallTwice);
    const slowest = Math.max(...ends.map(({ slowestMs }) => slowestMs));
    report(
      "R4",
      `${points.length} kills at ${Object.keys(killPoints).length} points: nothing lost, held or charged twice; ` +
        `${extraCalls} pictures were painted twice, ${mayCallTwice} died with the answer in hand; ` +
        `the slowest was ready ${(slowest / 1000).toFixed(0)} s after the kill, start of the next process included`,
    );
  });
});
