import { describe, expect, inject, it } from "vitest";
import { smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";
import type { HouseProcess } from "#test/builders/house-processes.ts";
import { audit } from "./auditor.ts";
import { report, scaled } from "./figures.ts";
import { openWorld } from "./world.ts";

const times = scaled({ short: 2, full: 20 });
const shoppersAtOnce = 6;

describe.skipIf(inject("postgresUrl") === null)("R6: a process that is told to stop in the middle of its work", () => {
  it("drops nothing that it has accepted, and ends by itself in the time that a platform gives", async () => {
    const world = await openWorld({ QUOTA_CUSTOMER_PER_DAY: "100000" });
    // Some are faster than the time that is left and some are not.
    const pace = { quick: 200, slow: 20_000 };
    let accepted = 0;
    let cutOff = 0;
    let slowestMs = 0;
    let photos = 0;
    for (let time = 0; time < times; time++) {
      const doomed = await world.start();
      for (let n = 0; n < 40; n++)
        world.provider.faults.next({ kind: "delay", ms: n % 4 === 3 ? pace.slow : pace.quick });
      const load = { running: true };
      const ids = new Set<string>();
      const shopping = Array.from({ length: shoppersAtOnce }, async (_, n) => {
        const shopper = await comeAsShopper(doomed.url, { customer: String(100 + n) });
        while (load.running) {
          try {
            const photo = await shopper.give(await smallPhoto((photos += 1)));
            const { status, body } = await shopper.ask(photo);
            if (status !== 202) throw new Error(`answered ${status}`);
            ids.add(body.portrait.id);
            await shopper.call("GET", `portraits/${body.portrait.id}`, { query: { wait_ms: "5000" } });
          } catch (error) {
            // Nobody listens any more; whatever was answered before is kept.
            if (!(error instanceof TypeError)) throw error;
            cutOff += 1;
            return;
          }
        }
      });
      await until(() => ids.size >= 2 * shoppersAtOnce);
      const toldAtMs = performance.now();
      doomed.child.kill("SIGTERM");
      expect(await doomed.ended, "it ends by itself before it is ended").toBe(0);
      slowestMs = Math.max(slowestMs, performance.now() - toldAtMs);
      load.running = false;
      await Promise.all(shopping);
      accepted += ids.size;
      const heir = await world.start();
      await finished(world.database.prisma, ids);
      await heir.stop();
    }
    const books = await settle(world);
    expect(books.problems).toEqual([]);
    expect(await world.close()).toEqual([]);
    report(
      "R6",
      `${times} × SIGTERM under load: ${accepted} accepted, all ready; ${cutOff} requests met a closed door; ` +
        `the slowest end took ${(slowestMs / 1000).toFixed(1)} s`,
    );
  });
});

type World = Awaited<ReturnType<typeof openWorld>>;

async function finished(prisma: World["database"]["prisma"], ids: Set<string>): Promise<void> {
  const where = { id: { in: [...ids] }, status: "ready" };
  await until(async () => (await prisma.portrait.count({ where })) === ids.size);
}

/** Calls that were cut are closed long after, as those of a dead process are. */
async function settle(world: World): Promise<{ problems: string[] }> {
  const muchLaterMs = 10 * 60_000;
  const later: HouseProcess = await world.start({ CLOCK_AHEAD_MS: String(muchLaterMs) });
  const { prisma } = world.database;
  await until(async () => (await prisma.attempt.count({ where: { outcome: "running" } })) === 0);
  await later.stop();
  return { problems: await audit(world, { atMs: Date.now() + muchLaterMs }) };
}
