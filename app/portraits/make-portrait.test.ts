import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { createPrismaPortraitRecords } from "#app/adapters/prisma/prisma-portrait-records.ts";
import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { createPictureCheck } from "#app/adapters/sharp/picture-check.ts";
import { createGallery } from "#app/gallery/gallery.ts";
import { RecordsAway } from "#app/kernel/errors.ts";
import { randomIds } from "#app/kernel/ids.ts";
import { createPainterGuard } from "#app/painters/painter-guard.ts";
import { budgetsOf } from "#test/builders/budgets.ts";
import { openEmbeddedDatabase } from "#test/builders/databases.ts";
import { createMemoryObjectStore } from "#test/builders/memory-object-store.ts";
import { createQuickPainter, providerDown, quickRemover } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { samePreview } from "#test/builders/previews.ts";
import { portraitRecord } from "#test/builders/portrait-record.ts";
import { pricedAt } from "#test/builders/prices.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { at, dayClaim } from "#test/builders/quota-tickets.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { callLeaseMs } from "./call-money.ts";
import { createMakePortrait, type MakePortraitParts } from "./make-portrait.ts";
import type { PortraitRecord } from "./portrait-records.ts";

const shop = "a.shop";
const photoName = "shops/a.shop/photos/pht_1";
const leaseMs = 90_000;
const day = "2026-03-29";
let database: Database;
let key = "";
let number = 0;

beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());
beforeEach(() => (key = `make-${(number += 1)}`));

/** The making with real records and quick hands; `facts` puts something else in the place of a part. */
async function open(facts: Partial<MakePortraitParts> = {}) {
  const { prisma } = database;
  const { store } = createMemoryObjectStore();
  await store.create(photoName, await smallPhoto(1), { contentType: "image/jpeg", attributes: {} });
  const painter = createQuickPainter();
  const { log, said } = quietLog();
  const guard = createPainterGuard({ clock: stoppedClock(at()), concurrency: 2, pause: { firstMs: 1, longestMs: 1 } });
  const parts: MakePortraitParts = {
    records: createPrismaPortraitRecords(prisma),
    objects: store,
    photoReader: createPhotoReader(),
    remover: quickRemover,
    painters: [{ painter, guard }],
    pictureCheck: createPictureCheck(),
    gallery: createGallery({ masters: store, previews: createMemoryObjectStore().store, previewMaker: samePreview }),
    secrets: { secretOf: async () => "a shop's own secret" },
    quota: createPrismaQuotaStore(prisma),
    budget: createPrismaBudgetStore(prisma),
    attempts: createPrismaAttemptLog(prisma),
    prices: pricedAt(40_000),
    clock: stoppedClock(at()),
    ids: randomIds,
    log,
    size: { width: 64, height: 80 },
    deadlineMs: 60_000,
    spendingLimit: undefined,
    leaseMs,
    budgets: budgetsOf({ shopDay: 10_000_000 }),
    onChange: () => undefined,
    ...facts,
  };
  return { parts, painter, store, said, make: createMakePortrait(parts).make };
}

/** A shopper who waits for the key, with what they need held for them. */
async function waiting(parts: MakePortraitParts, shopper: string, createdAtMs = at()): Promise<PortraitRecord> {
  const record = portraitRecord({ key, shopper, createdAtMs });
  const quota = { shop, requestId: record.id, claims: [dayClaim(`${shopper}-${key}`, 3)] };
  const budget = { shop: key, requestId: record.id, day, microUsd: 40_000 };
  await parts.quota.reserve(quota, { nowMs: at(), leaseMs });
  await parts.budget.reserve(budget, { nowMs: at(), leaseMs, limits: parts.budgets });
  return (await parts.records.insertActive({ ...record, reserved: { quota, budget } })).portrait;
}

const usedBy = async (parts: MakePortraitParts, { reserved }: PortraitRecord) =>
  (await parts.quota.usage(shop, reserved?.quota?.claims ?? [], { nowMs: at() }))[0]?.used;
const statusOf = async (parts: MakePortraitParts, { id, shopper }: PortraitRecord) =>
  (await parts.records.find(shop, [shopper], id))?.status;
const spent = async (parts: MakePortraitParts) => (await parts.budget.committed(key, day, at())).shopDay;
const attempts = () => database.prisma.attempt.findMany({ where: { portraitKey: key }, orderBy: { startedAt: "asc" } });

describe("a making", () => {
  it("charges the one who asked first, gives the others' holds back, and writes the bill", async () => {
    const { parts, make, painter } = await open();
    const [first, second] = [await waiting(parts, "c:1"), await waiting(parts, "c:2", at(1))];
    await make({ shop, key });
    expect([await statusOf(parts, first), await statusOf(parts, second)]).toEqual(["ready", "ready"]);
    expect([await usedBy(parts, first), await usedBy(parts, second)]).toEqual([1, 0]);
    expect(painter.calls).toHaveLength(1);
    expect(await spent(parts)).toBe(40_000);
    expect(await attempts()).toMatchObject([{ outcome: "painted", costMicroUsd: 40_000n }]);
  });

  it("for somebody who came when it was over costs them nothing: the picture had been paid for", async () => {
    const { parts, make, painter } = await open();
    await waiting(parts, "c:1");
    await make({ shop, key });
    const late = await waiting(parts, "c:2");
    await make({ shop, key });
    expect([await statusOf(parts, late), await usedBy(parts, late)]).toEqual(["ready", 0]);
    expect(painter.calls).toHaveLength(1);
  });

  it("that died after the picture was kept goes on from there, and charges once", async () => {
    const { parts, make, painter } = await open({});
    const dying = { ...parts, quota: { ...parts.quota, commit: () => Promise.reject(new Error("killed")) } };
    const portrait = await waiting(parts, "c:1");
    const goingDown = AbortSignal.abort();
    await expect(
      createMakePortrait({ ...dying, gallery: { ...parts.gallery, find: async () => undefined } }).make(
        { shop, key },
        { signal: goingDown },
      ),
    ).rejects.toThrow();
    expect(await statusOf(parts, portrait)).toBe("making");
    await parts.gallery.keep(shop, key, {
      bytes: Buffer.from("x"),
      contentType: "image/jpeg",
      width: 1,
      height: 1,
      painter: "preview",
      model: "preview-1",
      backgroundKept: false,
      cutoutBy: quickRemover.variant,
    });
    await make({ shop, key });
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
    expect(painter.calls).toHaveLength(0);
  });

  it("that died after it had charged charges no second time", async () => {
    const { parts, make } = await open();
    const portrait = await waiting(parts, "c:1");
    if (portrait.reserved?.quota) await parts.quota.commit(portrait.reserved.quota, { nowMs: at() });
    await make({ shop, key });
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
  });

  it("that takes too long fails with a sentence and gives everything back", async () => {
    const { parts, make, painter } = await open({ deadlineMs: 1_500 });
    painter.plan.takesMs = 600_000;
    const portrait = await waiting(parts, "c:1");
    await make({ shop, key });
    const failed = await parts.records.find(shop, ["c:1"], portrait.id);
    expect(failed).toMatchObject({ status: "failed", error: { code: "painter_slow", retryable: true } });
    // It was hung up on in the middle: it may have been billed, so the shop's money is gone and the shopper's unit is not.
    expect([await usedBy(parts, portrait), await spent(parts)]).toEqual([0, 40_000]);
    expect(await attempts()).toMatchObject([{ outcome: "aborted", billing: "assumed", costMicroUsd: 40_000n }]);
  });

  it("that is handed back because the process goes down leaves the portrait and its hold as they are", async () => {
    const { parts, make, painter } = await open();
    painter.plan.takesMs = 600_000;
    const portrait = await waiting(parts, "c:1");
    const goingDown = new AbortController();
    const made = make({ shop, key }, { signal: goingDown.signal });
    await expect.poll(() => painter.calls.length).toBe(1);
    goingDown.abort(new Error("going down"));
    await expect(made).rejects.toThrow("going down");
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["making", 1]);
    painter.plan.takesMs = 0;
    await make({ shop, key });
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
  });

  it("of a photo that is gone fails for good and gives everything back", async () => {
    const { parts, make, store } = await open();
    await store.delete(photoName);
    const portrait = await waiting(parts, "c:1");
    await make({ shop, key });
    const failed = await parts.records.find(shop, ["c:1"], portrait.id);
    expect(failed).toMatchObject({ status: "failed", error: { code: "photo_needed", retryable: false } });
    expect([await usedBy(parts, portrait), await spent(parts)]).toEqual([0, 0]);
  });

  it("holds the money of a call that may be billed until it is settled, although the books fail right after", async () => {
    const { parts } = await open();
    const budget = { ...parts.budget, settle: () => Promise.reject(new Error("the records do not answer")) };
    const { make } = await open({ budget });
    await waiting(parts, "c:1");
    await make({ shop, key });
    expect(await attempts()).toMatchObject([{ outcome: "running" }]);
    const foundAbandonedMs = at() + callLeaseMs - 1;
    expect((await parts.budget.committed(key, day, foundAbandonedMs)).shopDay).toBe(40_000);
  });

  it("keeps the money of a call under way, whatever its shopper gives back and whoever holds anew", async () => {
    const { parts, painter } = await open();
    const portrait = await waiting(parts, "c:1");
    const ticket = { shop: key, requestId: portrait.id, day, microUsd: 40_000 };
    const seen: number[] = [];
    const paint: typeof painter.paint = async (request) => {
      await parts.budget.release(ticket);
      seen.push(await spent(parts));
      await parts.budget.reserve(ticket, { nowMs: at(), leaseMs, limits: parts.budgets });
      seen.push(await spent(parts));
      return painter.paint(request);
    };
    const painters = parts.painters.map(({ guard }) => ({ painter: { ...painter, paint }, guard }));
    await createMakePortrait({ ...parts, painters }).make({ shop, key });
    expect(seen).toEqual([40_000, 80_000]);
    await parts.budget.release(ticket);
    expect(await spent(parts)).toBe(40_000);
  });

  it("is not tried again with money that the first attempt may have cost", async () => {
    const { parts, make, painter } = await open({ budgets: budgetsOf({ shopDay: 79_999 }) });
    painter.plan.fails = () => providerDown({ remedy: "retry", billing: "unknown" });
    const portrait = await waiting(parts, "c:1");
    await make({ shop, key });
    expect(painter.calls).toHaveLength(1);
    expect(await parts.records.find(shop, ["c:1"], portrait.id)).toMatchObject({ error: { code: "budget_spent" } });
    expect([await usedBy(parts, portrait), await spent(parts)]).toEqual([0, 40_000]);
  });

  it("costs nothing where the provider answered each attempt with an error", async () => {
    const { parts, make, painter } = await open();
    painter.plan.fails = () => providerDown({ remedy: "retry", billing: "nothing" });
    await waiting(parts, "c:1");
    await make({ shop, key });
    expect(painter.calls).toHaveLength(3);
    expect(await attempts()).toMatchObject([1, 2, 3].map(() => ({ billing: "nothing", costMicroUsd: 0n })));
    expect(await spent(parts)).toBe(0);
  });

  it("of a picture that is kept and was never shown shows it", async () => {
    const previews = createMemoryObjectStore();
    const masters = createMemoryObjectStore();
    const gallery = createGallery({ masters: masters.store, previews: previews.store, previewMaker: samePreview });
    const { parts, make } = await open({ gallery });
    await waiting(parts, "c:1");
    const bytes = Buffer.from("x");
    const facts = { contentType: "image/jpeg", width: 1, height: 1, painter: "preview", model: "preview-1" };
    const { objectName } = await gallery.keep(shop, key, { bytes, ...facts, backgroundKept: false, cutoutBy: "q" });
    await previews.store.delete(objectName);
    await make({ shop, key });
    expect(previews.names()).toEqual([objectName]);
  });

  it("whose records are away for a moment is asked for again, and fails nobody", async () => {
    const { parts, make } = await open();
    const portrait = await waiting(parts, "c:1");
    const away = () => Promise.reject(new RecordsAway(new Error("connection lost"), "database: connection lost"));
    for (const step of ["begin", "end"] as const) {
      const attempts = { ...parts.attempts, [step]: away };
      await expect(createMakePortrait({ ...parts, attempts }).make({ shop, key })).rejects.toThrow(RecordsAway);
      expect(await statusOf(parts, portrait)).toBe("making");
    }
    await make({ shop, key });
    expect(await statusOf(parts, portrait)).toBe("ready");
  });

  it("whose picture is kept while the quota store does not answer is asked for again, charged and given", async () => {
    const { parts, make, painter } = await open();
    const silent = { ...parts, quota: { ...parts.quota, commit: () => Promise.reject(new Error("no answer")) } };
    const portrait = await waiting(parts, "c:1");
    await expect(createMakePortrait(silent).make({ shop, key })).rejects.toThrow("no answer");
    expect(await statusOf(parts, portrait)).toBe("making");
    await make({ shop, key });
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
    expect(painter.calls).toHaveLength(1);
  });

  it("that another remover stood in for is kept under the key of what shaped it, and given to who asked", async () => {
    const standIn = { ...quickRemover, variant: "service-1" };
    const { parts, make, painter } = await open({ remover: standIn });
    const first = await waiting(parts, "c:1");
    await make({ shop, key });
    const given = await parts.records.find(shop, ["c:1"], first.id);
    expect(given).toMatchObject({ status: "ready", cutoutBy: quickRemover.variant });
    expect(given?.objectName).not.toContain(key);
    expect(await parts.gallery.find(shop, key)).toBeUndefined();
    expect(await usedBy(parts, first)).toBe(1);

    // Somebody else during the same outage: nothing is painted and nothing charged.
    const second = await waiting(parts, "c:2");
    await make({ shop, key });
    expect([await statusOf(parts, second), await usedBy(parts, second)]).toEqual(["ready", 0]);
    expect(painter.calls).toHaveLength(1);

    // The service is back: the next one gets its work.
    const third = await waiting(parts, "c:3");
    const service = {
      ...standIn,
      remove: async (...given: Parameters<typeof standIn.remove>) => ({
        ...(await quickRemover.remove(...given)),
        by: "service-1",
      }),
    };
    await createMakePortrait({ ...parts, remover: service }).make({ shop, key });
    expect([await statusOf(parts, third), await usedBy(parts, third)]).toEqual(["ready", 1]);
    expect((await parts.gallery.find(shop, key))?.cutoutBy).toBe("service-1");
    expect(painter.calls).toHaveLength(2);
  });

  it("that was paid twice, because its process died in between, has cost twice", async () => {
    const { parts, make } = await open();
    const dying = { ...parts, gallery: { ...parts.gallery, keep: () => Promise.reject(new Error("killed")) } };
    await waiting(parts, "c:1");
    const goingDown = new AbortController();
    const painter = createQuickPainter();
    const died = createMakePortrait({
      ...dying,
      painters: [
        {
          guard: parts.painters[0]!.guard,
          painter: {
            ...painter,
            paint: async (request) => (
              goingDown.abort(),
              painter.paint({ ...request, signal: new AbortController().signal })
            ),
          },
        },
      ],
    });
    await expect(died.make({ shop, key }, { signal: goingDown.signal })).rejects.toThrow("killed");
    await make({ shop, key });
    expect(await attempts()).toMatchObject([{ outcome: "painted" }, { outcome: "painted" }]);
    expect(await spent(parts)).toBe(80_000);
  });

  it("does not begin for somebody whose room has gone to others, and goes on to the next who waits", async () => {
    const { parts, make, painter } = await open();
    const [first, second] = [await waiting(parts, "c:1"), await waiting(parts, "c:2", at(1))];
    const claims = first.reserved?.quota?.claims ?? [];
    if (first.reserved?.quota) await parts.quota.refund(first.reserved.quota, { nowMs: at() });
    for (let n = 0; n < 3; n++) {
      const ticket = { shop, requestId: `${key}-${n}`, claims };
      await parts.quota.reserve(ticket, { nowMs: at(), leaseMs });
      await parts.quota.commit(ticket, { nowMs: at() });
    }
    await make({ shop, key });
    expect(await parts.records.find(shop, ["c:1"], first.id)).toMatchObject({
      status: "failed",
      error: { code: "quota_none" },
    });
    expect(await statusOf(parts, second)).toBe("queued");
    expect(painter.calls).toHaveLength(0);
    await make({ shop, key });
    expect([await statusOf(parts, second), await usedBy(parts, second)]).toEqual(["ready", 1]);
  });

  it("is not begun with money that the day no longer has", async () => {
    const { parts, make, painter } = await open({ budgets: budgetsOf({ shopDay: 39_999 }) });
    const portrait = await waiting(parts, "c:1");
    await make({ shop, key });
    expect(await parts.records.find(shop, ["c:1"], portrait.id)).toMatchObject({ error: { code: "budget_spent" } });
    expect(painter.calls).toHaveLength(0);
    expect(await usedBy(parts, portrait)).toBe(0);
  });
});
