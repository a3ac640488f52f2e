import { expect, inject, it, describe } from "vitest";
import { orderKillPoints, type KillPoint } from "#test/builders/kill-points.ts";
import { placeOrder } from "#test/builders/orders.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";
import { audit } from "./auditor.ts";
import { report, scaled } from "./figures.ts";
import { openWorld, type World } from "./world.ts";

const rounds = scaled({ short: 1, full: 8 });
const worldsAtOnce = scaled({ short: 4, full: 6 });

/** A delivery that a dead process had taken can be taken anew by then, milliseconds. */
const deliveryFreeMs = 10 * 60_000 + 1_000;
/** Holds and open calls of the dead are over by then, milliseconds. */
const muchLaterMs = 30 * 60_000;

/** Orders come one after the other; each one's process dies at a point of it, and Shopify tells of it again. */
async function live(world: World, points: readonly KillPoint[], name: number): Promise<void> {
  const { prisma } = world.database;
  let aheadMs = 0;
  const start = () => world.start({ CLOCK_AHEAD_MS: String(aheadMs) });
  let house = await start();
  for (const [n, point] of points.entries()) {
    const nowMs = () => Date.now() + aheadMs;
    const who = { customer: `${name}${n}`, nowMs };
    const shopper = await comeAsShopper(house.url, who);
    const photo = await shopper.give(await smallPhoto(20_000 + name * 1_000 + n));
    const { id } = (await shopper.ask(photo, { pending: true })).body.portrait;
    await house.dieAt(point);
    const order = { number: 2_000 + name * 100 + n, delivery: `delivery-${name}-${n}` };
    await placeOrder(house.url, [id], order).catch(() => undefined);
    expect(await house.ended, point).toBe(null);
    house = await start();
    const again = await placeOrder(house.url, [id], order);
    if (point === "taken, not written down") {
      expect(again.status, point).toBe(409);
      await house.stop();
      aheadMs += deliveryFreeMs;
      house = await start();
      expect((await placeOrder(house.url, [id], order)).status, point).toBe(200);
    }
    const isReady = { id, status: "ready", orderLines: { every: { keptAt: { not: null } } } };
    await until(async () => (await prisma.portrait.count({ where: isReady })) === 1);
    expect(await prisma.orderLine.count({ where: { portraitId: id } }), point).toBe(1);
    expect(await (await comeAsShopper(house.url, who)).quota(), point).toMatchObject({ used: 0 });
  }
  await house.stop();
}

describe.skipIf(inject("postgresUrl") === null)("R4: a process that is killed in the middle of an order", () => {
  it("has what is ordered painted by the next, once, with no quota, and kept", async () => {
    const all = Object.keys(orderKillPoints) as (keyof typeof orderKillPoints)[];
    const points = Array.from({ length: rounds }, () => all).flat();
    const shares = Array.from({ length: worldsAtOnce }, (_, n) => points.filter((_, at) => at % worldsAtOnce === n));
    const ends = await Promise.all(
      shares.map(async (share, n) => {
        const world = await openWorld();
        await live(world, share, n + 1);
        const later = await world.start({ CLOCK_AHEAD_MS: String(deliveryFreeMs * share.length + muchLaterMs) });
        await until(async () => (await world.database.prisma.attempt.count({ where: { outcome: "running" } })) === 0);
        await later.stop();
        const problems = await audit(world, { atMs: Date.now() + deliveryFreeMs * share.length + muchLaterMs });
        const extraCalls = world.provider.calls.length - share.length;
        return { problems, extraCalls, errors: await world.close() };
      }),
    );
    expect(ends.map(({ problems }) => problems)).toEqual(ends.map(() => []));
    expect(ends.map(({ errors }) => errors)).toEqual(ends.map(() => []));
    const extraCalls = ends.reduce((sum, end) => sum + end.extraCalls, 0);
    expect(extraCalls).toBe(points.filter((point) => point === "painted, not yet kept").length);
    report(
      "orders",
      `${points.length} kills at ${all.length} points of an order: each painted, kept, and charged nothing`,
    );
  });
});
