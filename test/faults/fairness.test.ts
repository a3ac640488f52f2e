import { describe, expect, inject, it } from "vitest";
import { smallPhoto } from "#test/builders/photos.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";
import { inFull, report, scaled } from "./figures.ts";
import { openWorld, type World } from "./world.ts";

/** As in production: twelve calls at once, and eight of them for one shop. */
const callsAtOnce = 12;
const takesMs = 4_000;
const wishesOfOthers = scaled({ short: 8, full: 60 });
/** A tenth of what is painted, while the crowd's shop paints two a second. */
const everyMs = scaled({ short: 2_500, full: 5_500 });
/** The crowd has so many waiting at any time, far more than its shop may paint. */
const crowdWaits = 40;

type Installation = { url: string; rows: World["database"]["prisma"] };
type Waited = { ms: number; overtakenBy: number };

describe.skipIf(inject("postgresUrl") === null)("a shop with a crowd before its door", () => {
  it("does not make the shoppers of other shops wait for its line to get shorter", async () => {
    const world = await openWorld({ GEMINI_CALLS_AT_ONCE: String(callsAtOnce), QUOTA_CUSTOMER_PER_DAY: "100000" });
    world.provider.faults.always({ kind: "delay", ms: takesMs });
    const { url } = await world.start();
    const house: Installation = { url, rows: world.database.prisma };
    const alone = await waitsOfOthers(house, 0);
    const crowd = await keepCrowd(house);
    const beside = await waitsOfOthers(house, 50);
    await crowd.end();
    // A painter is free for who comes. The crowd's own ones end in step, so as many of it as may be at work can be begun
    // in the moment between; of the forty that asked before, no more.
    const overtaken = beside.map(({ overtakenBy }) => overtakenBy);
    expect(Math.max(...overtaken)).toBeLessThanOrEqual((callsAtOnce * 2) / 3);
    expect(crowd.painted()).toBeGreaterThan(wishesOfOthers);
    expect(await world.close()).toEqual([]);
    const [before, after] = [p95(alone), p95(beside)];
    const share = crowd.painted() / (crowd.painted() + wishesOfOthers);
    if (inFull) expect({ share, longer: after / before }).toSatisfy(isFair);
    report(
      "fair",
      `${wishesOfOthers} wishes of five shops, ${crowdWaits} of another shop always waiting and ${crowd.painted()} of them ` +
        `painted meanwhile (${Math.round(100 * share)} %): p95 ${before} ms without it and ${after} ms beside it ` +
        `(${after >= before ? "+" : ""}${Math.round((100 * (after - before)) / before)} %); ` +
        `overtaken by at most ${Math.max(...overtaken)}`,
    );
  });
});

/** Shoppers of five shops come at a steady pace and wait for their portraits. */
async function waitsOfOthers(house: Installation, firstTake: number): Promise<Waited[]> {
  const shoppers = await Promise.all(
    Array.from({ length: 5 }, async (_, n) => {
      const shopper = await comeAsShopper(house.url, { shop: `quiet-${n}.myshopify.com`, customer: "1" });
      return { shopper, photo: await shopper.give(await smallPhoto(n)) };
    }),
  );
  const waits: Promise<Waited>[] = [];
  for (let n = 0; n < wishesOfOthers; n++) {
    const { shopper, photo } = shoppers[n % shoppers.length] as (typeof shoppers)[number];
    const { body } = await shopper.ask(photo, { take: firstTake + 1 + Math.floor(n / shoppers.length) });
    waits.push(waitFor(house, body.portrait.id));
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return Promise.all(waits);
}

/** How long it took, and how many of the crowd's portraits were asked for earlier or later and begun in between. */
async function waitFor(house: Installation, id: string): Promise<Waited> {
  for (;;) {
    const portrait = await house.rows.portrait.findUniqueOrThrow({ where: { id } });
    if (portrait.status === "ready") {
      const [from, to] = [portrait.createdAt, portrait.startedAt ?? portrait.createdAt];
      const overtakenBy = await house.rows.portrait.count({
        where: { shop: "crowd.myshopify.com", startedAt: { gt: from, lt: to } },
      });
      return { ms: Number(portrait.finishedAt) - Number(portrait.createdAt), overtakenBy };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function keepCrowd(house: Installation) {
  const shopper = await comeAsShopper(house.url, { shop: "crowd.myshopify.com", customer: "1" });
  const where = { shop: "crowd.myshopify.com" };
  const waiting = () => house.rows.portrait.count({ where: { ...where, status: "queued" } });
  const load = { comes: true, painted: 0 };
  let [photo, take, photos] = ["", 100, 100];
  const one = async () => {
    if (take === 100) [photo, take] = [await shopper.give(await smallPhoto((photos += 1))), 1];
    await shopper.ask(photo, { take: take++ });
  };
  for (let n = 0; n < crowdWaits; n++) await one();
  const coming = (async () => {
    while (load.comes) {
      if ((await waiting()) < crowdWaits) await one();
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    painted: () => load.painted,
    async end() {
      load.comes = false;
      await coming;
      load.painted = await house.rows.portrait.count({ where: { ...where, status: "ready" } });
    },
  };
}

const isFair = ({ share, longer }: { share: number; longer: number }) => share >= 0.9 && longer < 1.2;

const p95 = (waits: readonly Waited[]): number => {
  const sorted = waits.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;
};
