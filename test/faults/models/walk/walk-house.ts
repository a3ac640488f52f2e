import { createGallery } from "#app/gallery/gallery.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { createPainterGuard } from "#app/painters/painter-guard.ts";
import { createMakePortrait } from "#app/portraits/make-portrait.ts";
import type { OrderRecords } from "#app/orders/order-records.ts";
import type { PaintingJob } from "#app/portraits/painting-queue.ts";
import type { PortraitRecords } from "#app/portraits/portrait-records.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { budgetsOf } from "#test/builders/budgets.ts";
import { createMemoryPortraitRecords } from "#test/builders/memory-portrait-records.ts";
import { samePreview } from "#test/builders/previews.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import type { Instance } from "./walk-instance.ts";
import { dayMoney, leaseMs, price, type World } from "./walk-world.ts";

/** The product's own parts of one process, on the ports that it shares with the others. */
export type WalkHouse = ReturnType<typeof createHouse>;

const cutout = { image: Buffer.from("a cat"), backgroundKept: false, confidence: 1, by: "quick-1" };

export function createHouse(world: World, instance: Instance) {
  const { around, reach } = instance;
  const clock = clockOf(world, instance);
  const between = () => reach("records.between", async () => undefined);
  const records = around("records", countingPayers(world, createMemoryPortraitRecords({ rows: world.rows, between })));
  const orders = around("orders", ordersOn(world));
  const queue = around("queue", {
    enqueue: async (job: PaintingJob, turn: { turnAtMs: number }) => world.queue.enqueue(job, turn),
  });
  const painter = { ...around("painter", { paint: world.paint }), kind: "preview" as const, model: "preview-1" };
  const guard = createPainterGuard({ clock, concurrency: 2, random: () => 0.5 });
  const parts = {
    ...stillParts,
    records,
    orders,
    queue,
    clock,
    painters: [{ painter, guard }],
    quota: around("quota", rememberingCommits(world)),
    budget: around("budget", world.budget.store),
    attempts: around("attempts", world.attempts.log),
    gallery: createGallery({
      masters: around("masters", countingCreates(world)),
      previews: around("previews", withoutList(world.previews.store)),
      previewMaker: samePreview,
    }),
    objects: around("objects", photos as unknown as ObjectStore),
    remover: { variant: "quick-1", ...around("remover", { remove: cutOut(world, instance) }) },
    prices: { priceOf: () => (world.plan.isPaid ? paidPrice : freePrice) },
    budgets: budgetsOf({ shopDay: dayMoney }),
    ids: world.ids,
  };
  return { parts, makePortrait: createMakePortrait(parts) };
}

/** Storage's own rules are not part of the model: what is to be kept is kept. */
function ordersOn({ rows }: World): OrderRecords {
  return {
    async add({ lines }, { nowMs, keepUntilMs }) {
      const ordered = rows.filter(({ id }) => lines.some(({ portraitId }) => portraitId === id));
      for (const row of ordered) {
        row.orderedAtMs ??= nowMs;
        row.expiresAtMs = Math.max(row.expiresAtMs, keepUntilMs);
      }
      return ordered.map(({ id }) => id);
    },
    unkept: async () => [],
    kept: async () => undefined,
  };
}

function cutOut({ plan, struck }: World, instance: Instance) {
  return async (photo: Buffer) => {
    if (plan.isPoisoned && photo.toString() === poison) {
      struck.faults += 1;
      instance.die();
    }
    return cutout;
  };
}

const clockOf = ({ time, plan }: World, { name }: Instance): Clock => {
  const nowMs = () => time.nowMs + (name === 1 ? plan.clockAheadMs : 0);
  return { nowMs, now: () => new Date(nowMs()) };
};

/** What no fault strikes. */
const stillParts = {
  photos: {
    findById: async (_shop: string, _owners: string[], id: string) => ({
      id,
      objectName: id,
      sha256: id,
      expiresAtMs: Infinity,
    }),
    keepUntil: async () => undefined,
  } as never,
  photoBytes: { keepUntil: async () => true },
  photoReader: { crop: async (bytes: Buffer) => bytes } as never,
  pictureCheck: { check: async () => ({ contentType: "image/jpeg" as const, width: 64, height: 80 }) },
  secrets: { secretOf: async () => "a shop's own secret" },
  cutoutVariant: "quick-1",
  size: { width: 64, height: 80 },
  leaseMs,
  deadlineMs: 80_000,
  spendingLimit: undefined,
  mostWaiting: 100,
  limits: { customerPerDay: 3, guestPerDay: 2, burst: 3, burstWindowMs: 600_000, addressPerDay: 3 },
  log: quietLog().log,
  onChange: () => undefined,
  onCacheHit: async () => undefined,
};

const photos = {
  read: async (name: string) => ({ bytes: Buffer.from(name), contentType: "image/jpeg", attributes: {} }),
};

const poison = "pht_2";

const named = { model: "preview-1", holdsFrom: "2020-01-01", priceTable: "test", source: "test" };
const freePrice = { ...named, highestMicroUsd: 0, costMicroUsd: () => 0 };
const paidPrice = {
  ...named,
  highestMicroUsd: price.highestMicroUsd,
  costMicroUsd: (tokens: unknown) => (tokens === null ? price.highestMicroUsd : price.usualMicroUsd),
};

const withoutList = ({ list: _, ...store }: ObjectStore): ObjectStore => store as ObjectStore;

function rememberingCommits({ quota, commits }: World): QuotaStore {
  const commit: QuotaStore["commit"] = async (ticket, options) => {
    const answer = await quota.store.commit(ticket, options);
    commits.push({ requestId: ticket.requestId, answer });
    return answer;
  };
  return { ...quota.store, commit };
}

function countingPayers({ paths }: World, { records }: { records: PortraitRecords }): PortraitRecords {
  const decidePayer: PortraitRecords["decidePayer"] = async (portrait, objectName) => {
    const payer = await records.decidePayer(portrait, objectName);
    if (payer !== undefined && payer.id !== portrait.id) paths["another one pays already"] += 1;
    return payer;
  };
  return { ...records, decidePayer };
}

function countingCreates({ masters, paths }: World): ObjectStore {
  const create: ObjectStore["create"] = async (...given) => {
    const answer = await masters.store.create(...given);
    if (answer === "exists") paths["zombie that lost the create"] += 1;
    return answer;
  };
  return { ...withoutList(masters.store), create };
}
