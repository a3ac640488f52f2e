import { describe, expect, it } from "vitest";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { createPictureCheck } from "#app/adapters/sharp/picture-check.ts";
import { createGallery, type Gallery } from "#app/gallery/gallery.ts";
import { randomIds } from "#app/kernel/ids.ts";
import { createPainterGuard } from "#app/painters/painter-guard.ts";
import { budgetsOf } from "#test/builders/budgets.ts";
import { createMemoryAttemptLog } from "#test/builders/memory-attempt-log.ts";
import { createMemoryBudgetStore } from "#test/builders/memory-budget-store.ts";
import { createMemoryObjectStore } from "#test/builders/memory-object-store.ts";
import { createMemoryPortraitRecords } from "#test/builders/memory-portrait-records.ts";
import { createMemoryQuotaStore } from "#test/builders/memory-quota-store.ts";
import { createQuickPainter, quickRemover } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { portraitRecord } from "#test/builders/portrait-record.ts";
import { samePreview } from "#test/builders/previews.ts";
import { pricedAt } from "#test/builders/prices.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { at, dayClaim } from "#test/builders/quota-tickets.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { createMakePortrait, type MakePortraitParts } from "./make-portrait.ts";
import type { PortraitRecord } from "./portrait-records.ts";

const shop = "a.shop";
const key = "the-key";
const job = { shop, key };
const lease = { nowMs: at(), leaseMs: 90_000 };
const broken = { code: "x", message: "x", retryable: true };

/** A house in memory, and a gallery in front of whose `keep` something can happen. */
async function open({ beforeKeep = async () => undefined }: { beforeKeep?: () => Promise<unknown> } = {}) {
  const masters = createMemoryObjectStore().store;
  await masters.create("shops/a.shop/photos/pht_1", await smallPhoto(1), { contentType: "image/jpeg", attributes: {} });
  const clock = stoppedClock(at());
  const gallery = createGallery({ masters, previews: createMemoryObjectStore().store, previewMaker: samePreview });
  const keep: Gallery["keep"] = async (...given) => {
    await beforeKeep();
    return gallery.keep(...given);
  };
  const painter = createQuickPainter();
  const parts: MakePortraitParts = {
    records: createMemoryPortraitRecords().records,
    objects: masters,
    photoReader: createPhotoReader(),
    remover: quickRemover,
    painters: [{ painter, guard: createPainterGuard({ clock, concurrency: 2 }) }],
    pictureCheck: createPictureCheck(),
    gallery,
    secrets: { secretOf: async () => "a shop's own secret" },
    quota: createMemoryQuotaStore().store,
    budget: createMemoryBudgetStore().store,
    attempts: createMemoryAttemptLog().log,
    prices: pricedAt(40_000),
    clock,
    ids: randomIds,
    log: quietLog().log,
    size: { width: 64, height: 80 },
    deadlineMs: 60_000,
    spendingLimit: undefined,
    leaseMs: lease.leaseMs,
    budgets: budgetsOf({}),
    onChange: () => undefined,
  };
  const slow = createMakePortrait({ ...parts, gallery: { ...gallery, keep } });
  return { parts, clock, slow, prompt: createMakePortrait(parts) };
}

async function waiting({ quota, budget, records }: MakePortraitParts, shopper: string): Promise<PortraitRecord> {
  const record = portraitRecord({ key, shopper, createdAtMs: at() });
  const unit = { shop, requestId: record.id, claims: [dayClaim(shopper, 3)] };
  const money = { shop, requestId: record.id, day: "2026-03-29", microUsd: 40_000 };
  await quota.reserve(unit, lease);
  await budget.reserve(money, { ...lease, limits: budgetsOf({}) });
  return (await records.insertActive({ ...record, reserved: { quota: unit, budget: money } })).portrait;
}

const used = async ({ quota }: MakePortraitParts, ...shoppers: string[]) =>
  (
    await quota.usage(
      shop,
      shoppers.map((one) => dayClaim(one, 3)),
      lease,
    )
  ).map((usage) => usage.used);
const statusOf = async ({ records }: MakePortraitParts, { id, shopper }: PortraitRecord) =>
  (await records.find(shop, [shopper], id))?.status;

describe("a making that was taken for dead", () => {
  it("and comes back charges nobody for the picture that was given meanwhile, also who has come since", async () => {
    const { parts, slow, prompt } = await open({
      async beforeKeep() {
        await prompt.make(job);
        await waiting(parts, "c:2");
      },
    });
    await waiting(parts, "c:1");
    await slow.make(job);
    expect(await used(parts, "c:1", "c:2")).toEqual([1, 0]);
  });

  it("and comes back with a failure fails nobody who was charged since it looked for the picture", async () => {
    const { parts, prompt } = await open();
    const portrait = await waiting(parts, "c:1");
    const { fail } = parts.records;
    const late: typeof fail = async (...given) => {
      // The other one keeps the picture, charges it, and dies before it can give it.
      await expect(dyingBeforeIt("finish", parts).make(job)).rejects.toThrow("killed");
      return fail(...given);
    };
    const keep = () => Promise.reject(new Error("storage is away"));
    await createMakePortrait({
      ...parts,
      gallery: { ...parts.gallery, keep },
      records: { ...parts.records, fail: late },
    }).make(job);
    expect(await statusOf(parts, portrait)).not.toBe("failed");
    await prompt.make(job);
    expect([await statusOf(parts, portrait), await used(parts, "c:1")]).toEqual(["ready", [1]]);
  });

  it("and comes back with a failure fails nobody whose picture is there: the next try gives it", async () => {
    const { parts, slow, prompt } = await open({
      async beforeKeep() {
        await parts.gallery.keep(shop, key, pictureOf("another making's"));
        throw new Error("the deadline has passed");
      },
    });
    const portrait = await waiting(parts, "c:1");
    await expect(slow.make(job)).rejects.toThrow("the deadline");
    expect(await statusOf(parts, portrait)).toBe("making");
    await prompt.make(job);
    expect([await statusOf(parts, portrait), await used(parts, "c:1")]).toEqual(["ready", [1]]);
  });

  it("and died after it had charged somebody who then left charges nobody else", async () => {
    const { parts, prompt } = await open();
    const [first, second] = [await waiting(parts, "c:1"), await waiting(parts, "c:2")];
    await expect(dyingBeforeIt("finish", parts).make(job)).rejects.toThrow("killed");
    await parts.records.cancel(first.id, at(1));
    await prompt.make(job);
    expect([await statusOf(parts, second), await used(parts, "c:1", "c:2")]).toEqual(["ready", [1, 0]]);
  });

  it("and comes back to who left, after another one charged who came since and died, charges no second one", async () => {
    const { parts, clock, slow } = await open({
      async beforeKeep() {
        await parts.records.cancel(left.id, at(1));
        clock.atMs = at(2);
        came = await waiting(parts, "c:2");
        await expect(dyingBeforeIt("finish", parts).make(job)).rejects.toThrow("killed");
        expect(await used(parts, "c:1", "c:2")).toEqual([1, 1]);
      },
    });
    const left = await waiting(parts, "c:1");
    let came: PortraitRecord | undefined;
    await slow.make(job);
    expect(came && (await statusOf(parts, came))).toBe("ready");
    expect(await used(parts, "c:1", "c:2")).toEqual([0, 1]);
  });

  it("and comes back to nobody gives nothing to who comes at that moment: their own making charges them first", async () => {
    const { parts, prompt } = await open();
    await waiting(parts, "c:1");
    const keep: Gallery["keep"] = async (...given) => {
      const failed = await parts.records.fail(shop, key, broken, at());
      for (const { reserved } of failed) if (reserved?.quota) await parts.quota.refund(reserved.quota, lease);
      return parts.gallery.keep(...given);
    };
    let came: PortraitRecord | undefined;
    const wasGiven: typeof parts.records.wasGiven = async (...given) => {
      came ??= await waiting(parts, "c:2");
      return parts.records.wasGiven(...given);
    };
    const commit = () => Promise.reject(new Error("killed"));
    await createMakePortrait({
      ...parts,
      gallery: { ...parts.gallery, keep },
      records: { ...parts.records, wasGiven },
      quota: { ...parts.quota, commit },
    }).make(job);
    expect(came && (await statusOf(parts, came))).toBe("queued");
    await prompt.make(job);
    expect(came && (await statusOf(parts, came))).toBe("ready");
    // What is only held lapses.
    const later = { nowMs: at() + lease.leaseMs + 1 };
    expect(await parts.quota.usage(shop, [dayClaim("c:1", 3), dayClaim("c:2", 3)], later)).toMatchObject([
      { used: 0 },
      { used: 1 },
    ]);
  });

  it("and died between writing down who pays and charging them leaves that to the next", async () => {
    const { parts, prompt } = await open();
    const [first, second] = [await waiting(parts, "c:1"), await waiting(parts, "c:2")];
    const commit = () => Promise.reject(new Error("killed"));
    await expect(createMakePortrait({ ...parts, quota: { ...parts.quota, commit } }).make(job)).rejects.toThrow(
      "killed",
    );
    await parts.records.cancel(first.id, at(1));
    await prompt.make(job);
    expect([await statusOf(parts, second), await used(parts, "c:1", "c:2")]).toEqual(["ready", [1, 0]]);
  });

  it("and wrote somebody down who was given up then charges the next one, and no failure", async () => {
    const { parts } = await open();
    const [first] = [await waiting(parts, "c:1"), await waiting(parts, "c:2")];
    const { decidePayer, failOne } = parts.records;
    const failed: typeof decidePayer = async (...given) => {
      // As if whoever gave them up had died before giving back what they held.
      await failOne(first.id, broken, { nowMs: at(), hidden: false });
      return decidePayer(...given);
    };
    await createMakePortrait({ ...parts, records: { ...parts.records, decidePayer: failed } }).make(job);
    expect(await used(parts, "c:1", "c:2")).toEqual([0, 1]);
  });
});

/** A making whose process ends before one step of the records, or after it. */
function dyingBeforeIt(step: "finish" | "decidePayer", parts: MakePortraitParts, { after = false } = {}) {
  const killed = async (...given: never[]) => {
    if (after) await (parts.records[step] as (...args: never[]) => Promise<unknown>)(...given);
    throw new Error("killed");
  };
  return createMakePortrait({ ...parts, records: { ...parts.records, [step]: killed } });
}

describe("a making whose payer leaves at the last moment", () => {
  it("charges the next one who waits, and keeps nothing of theirs", async () => {
    const { parts } = await open();
    const [first] = [await waiting(parts, "c:1"), await waiting(parts, "c:2")];
    const wasGiven = async () => {
      if (first.reserved?.quota) await parts.quota.refund(first.reserved.quota, lease);
      return false;
    };
    await createMakePortrait({ ...parts, records: { ...parts.records, wasGiven } }).make(job);
    expect(await used(parts, "c:1", "c:2")).toEqual([0, 1]);
    expect((await parts.budget.committed(shop, "2026-03-29", at())).shopDay).toBe(40_000);
  });
});

function pictureOf(text: string) {
  const facts = { contentType: "image/jpeg", width: 1, height: 1, painter: "preview", model: "preview-1" };
  return { bytes: Buffer.from(text), ...facts, backgroundKept: false, cutoutBy: quickRemover.variant };
}
