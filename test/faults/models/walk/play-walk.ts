import type fc from "fast-check";
import { portraitObjectName } from "#app/gallery/portrait-key.ts";
import { AppError } from "#app/kernel/errors.ts";
import { callLeaseMs } from "#app/portraits/call-money.ts";
import { cancelPortrait } from "#app/portraits/cancel-portrait.ts";
import { isActive } from "#app/portraits/portrait-records.ts";
import { resumeOrders } from "#app/orders/resume-orders.ts";
import { takeOrder } from "#app/orders/take-order.ts";
import { requestPortrait } from "#app/portraits/request-portrait.ts";
import { resumePortraits } from "#app/portraits/resume-portraits.ts";
import { settleAbandonedCalls } from "#app/portraits/settle-abandoned-calls.ts";
import type { PortraitRow } from "#test/builders/memory-portrait-records.ts";
import { standInForTime } from "./virtual-time.ts";
import { auditCalm, auditWalk, countPaths, waitsForNothing, wrongMoney } from "./walk-audit.ts";
import { createHouse, type WalkHouse } from "./walk-house.ts";
import { createInstance, type Instance } from "./walk-instance.ts";
import { deathAt, faultOf, type WalkPaths } from "./walk-paths.ts";
import { instances, walkers, type Deed, type WalkPlan } from "./walk-plan.ts";
import type { Job } from "./walk-queue.ts";
import { createWorld, leaseMs, shop, type World } from "./walk-world.ts";

/**
 * Plays a history of the walk from a photo to a portrait: the product's own stories in two processes that share everything
 * else, every call of a port a place where the other one can come first. It ends when everything has come to rest.
 *
 * @throws Error that says what is wrong then
 */
export async function playWalk(scheduler: fc.Scheduler, plan: WalkPlan, paths: WalkPaths): Promise<void> {
  const world = createWorld(scheduler, plan, paths);
  const handBackTime = standInForTime(world.time);
  try {
    const house = createStreet(world);
    await untilAtRest(world, house);
    const wrong = auditCalm(world);
    world.time.pass(leaseMs + 5_000);
    wrong.push(...(await auditWalk(world)));
    world.time.pass(callLeaseMs);
    wrong.push(...wrongMoney(world));
    if (wrong.length > 0) throw new Error([...wrong, ...world.story].join("\n"));
    countPaths(world);
  } finally {
    handBackTime();
  }
}

type Running = { instance: Instance; house: WalkHouse };
type Street = { isAtRest(): boolean };

const resumeEveryMs = 15_000;
const restartsAfterMs = 3_000;
const portraitsAtOnce = 2;
const tellsAgainAfterMs = 60_000;

/** The instances, one of which comes after each that dies, and the shoppers before them. */
function createStreet(world: World): Street {
  const all: Running[] = [];
  const current: Running[] = [];
  const start = (name: number): void => {
    const instance = createInstance(
      {
        ...world,
        tell: (line) => world.tell(line),
        onFault({ what, at }) {
          world.struck.faults += 1;
          world.paths[faultOf(what)] = (world.paths[faultOf(what)] ?? 0) + 1;
          if (what.startsWith("dies")) world.paths[deathAt(at)] = (world.paths[deathAt(at)] ?? 0) + 1;
        },
        onDeath: () => void world.time.after(restartsAfterMs, () => start(name)),
      },
      name,
    );
    const running = { instance, house: createHouse(world, instance) };
    current[name] = running;
    all.push(running);
    for (let slot = 0; slot < portraitsAtOnce; slot++) void paintOneAfterTheOther(world, running);
    keepSweeping(world, running);
  };
  for (let name = 0; name < instances; name++) start(name);
  let atMs = 0;
  let left = world.plan.deeds.length;
  for (const deed of world.plan.deeds) {
    atMs += deed.afterMs;
    world.time.after(atMs, () => {
      left -= 1;
      const running = current[deed.on];
      if (running === undefined) return;
      if (deed.do === "order") tellOfOrder(deed);
      else void busyWith(running, () => doDeed(world, running, deed));
    });
  }
  /** Shopify tells again until it has been answered. */
  function tellOfOrder(deed: Deed, times = 1): void {
    const running = current[deed.on];
    let isAnswered = false;
    if (running !== undefined)
      void busyWith(running, async () => {
        const { finished } = await order(world, running, deed);
        isAnswered = true;
        await finished;
      });
    left += 1;
    world.time.after(tellsAgainAfterMs, () => {
      left -= 1;
      if (!isAnswered && times < 5) tellOfOrder(deed, times + 1);
    });
  }
  const isBusy = () => all.some(({ instance }) => !instance.isDead() && instance.busy > 0);
  const isQuiet = () => left === 0 && !isBusy() && world.queue.isIdle();
  return { isAtRest: () => isQuiet() && !world.rows.some(isActive) && !waitsForNothing(world) };
}

/** What goes wrong is told to a log or to a browser, and the process goes on. */
async function busyWith({ instance }: Running, work: () => Promise<unknown>): Promise<void> {
  instance.busy += 1;
  await work().catch(() => undefined);
  instance.busy -= 1;
}

async function doDeed(world: World, { house, instance }: Running, deed: Deed): Promise<void> {
  // What they do at the same moment comes in any order.
  await instance.reach("shopper clicks", async () => undefined);
  const walker = walkers[deed.shopper] as (typeof walkers)[number];
  const shopper = { shop, ...walker };
  if (deed.do === "ask") {
    const wish = {
      photos: [{ photoId: `pht_${deed.take}`, crop: null }],
      style: "ink_wash",
      take: deed.take,
      pending: false,
    };
    const joined = world.rows.length;
    try {
      const { outcome } = await requestPortrait(house.parts, shopper, wish);
      if (outcome === "accepted" && world.rows.length === joined) world.paths.join += 1;
    } catch (error) {
      if (error instanceof AppError) world.paths.refused += 1;
    }
    return;
  }
  const mine = newestOf(world, deed);
  if (mine !== undefined) await cancelPortrait({ ...house.parts, makePortrait: house.makePortrait }, shopper, mine.id);
}

function newestOf({ rows }: World, { shopper, take }: Deed): PortraitRow | undefined {
  const walker = walkers[shopper] as (typeof walkers)[number];
  const owner = walker.customer ?? walker.session;
  return rows.filter((row) => row.shopper === owner && row.take === take).at(-1);
}

/** What they have of this take, in whatever state; a promise where they have nothing. */
async function order(world: World, { house, instance }: Running, deed: Deed): Promise<{ finished: Promise<void> }> {
  await instance.reach("shopper buys", async () => undefined);
  const shopper = { shop, ...(walkers[deed.shopper] as (typeof walkers)[number]) };
  const photos = [{ photoId: `pht_${deed.take}`, crop: null }];
  const promise = () =>
    requestPortrait(house.parts, shopper, { photos, style: "ink_wash", take: deed.take, pending: true });
  const { id } = newestOf(world, deed) ?? (await promise()).portrait;
  const properties = [{ name: "_pet_portrait_id", value: id }];
  return takeOrder(house.parts, { shop, id: `order of ${id}`, name: "#1", lines: [{ id: "1", properties }] });
}

async function paintOneAfterTheOther(world: World, { instance, house }: Running): Promise<never> {
  for (;;) {
    const job = await fetchJob(world, instance);
    if (job === undefined) await world.queue.somethingNew();
    else await busyWith({ instance, house }, () => work(world, { instance, house }, job));
  }
}

async function fetchJob({ queue, time }: World, instance: Instance): Promise<Job | undefined> {
  let taken: Job | undefined;
  try {
    return await instance.reach("queue.fetch", async () => {
      taken = queue.fetch();
      if (taken !== undefined) instance.working.set(taken, taken.tries);
      return taken;
    });
  } catch {
    // Nobody works on what was taken and did not arrive, and nobody gives a sign of life for it.
    if (taken !== undefined) {
      const [lost, tries] = [taken, taken.tries];
      instance.working.delete(lost);
      time.after(restartsAfterMs, () => queue.failTry(lost, tries));
    }
    await time.sleep(2_000);
    return undefined;
  }
}

/** As the queue's adapter does it. */
async function work(world: World, { instance, house }: Running, job: Job): Promise<void> {
  const { shop: of, key, tries } = job;
  try {
    countMaking(world, key);
    await house.makePortrait.make({ shop: of, key });
    await instance.reach("queue.complete", async () => {
      if (job.state === "active" && job.tries !== tries) world.paths["job of somebody else ended"] += 1;
      world.queue.complete(job);
    });
    const isWaitedFor = (await house.parts.records.waitingFor(of, key)).length > 0;
    if (isWaitedFor) await house.parts.queue.enqueue({ shop: of, key }, { turnAtMs: world.time.nowMs });
  } catch {
    world.queue.failTry(job, tries);
  } finally {
    if (instance.working.get(job) === tries) instance.working.delete(job);
  }
}

function countMaking({ makings, masters }: World, key: string): void {
  makings.begun += 1;
  if (masters.names().includes(portraitObjectName(shop, key))) return;
  makings.unkept.set(key, (makings.unkept.get(key) ?? 0) + 1);
}

function keepSweeping(world: World, { instance, house }: Running): void {
  const sweep = () => {
    if (instance.isDead()) return;
    const parts = { ...house.parts, makePortrait: countingGiveUps(world, house) };
    const times = { silentForMs: resumeEveryMs, giveUpAfterMs: 30 * 60_000 };
    void busyWith({ instance, house }, async () => {
      await resumePortraits({ ...parts, ...times }).catch(() => undefined);
      await resumeOrders(parts).catch(() => undefined);
      await settleAbandonedCalls({ ...parts, abandonedAfterMs: 5 * 60_000 });
    });
    world.time.after(resumeEveryMs, sweep);
  };
  world.time.after(resumeEveryMs, sweep);
}

function countingGiveUps({ paths, struck }: World, { makePortrait }: WalkHouse): WalkHouse["makePortrait"] {
  const giveUp: typeof makePortrait.giveUp = (...given) => {
    paths["given up"] += 1;
    struck.givenUp += 1;
    return makePortrait.giveUp(...given);
  };
  return { ...makePortrait, giveUp };
}

/** Longer than what is bought, given up, and given up again. */
const longestMs = 3 * 60 * 60_000;

/** One call of a port after the other as the scheduler has it; time moves on only where everybody waits for it. */
async function untilAtRest({ scheduler, time, plan, attempts }: World, street: Street): Promise<void> {
  await everybodyGoesOn();
  const allRowsAreClosed = () => attempts.rows.every(({ end }) => end !== null);
  for (;;) {
    if (scheduler.count() > 0) await scheduler.waitOne();
    else if (street.isAtRest() && allRowsAreClosed()) break;
    else if (time.nowMs > plan.startMs + longestMs || !time.moveOn()) throw new Error("it never comes to rest");
    await everybodyGoesOn();
  }
}

/** All promises that can go on have gone on by the next turn of the event loop. */
const everybodyGoesOn = () => new Promise<void>((resolve) => setImmediate(resolve));
