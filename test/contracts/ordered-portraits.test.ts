import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPrismaPortraitRecords } from "#app/adapters/prisma/prisma-portrait-records.ts";
import type { OrderedDue, PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { createMemoryPortraitRecords } from "#test/builders/memory-portrait-records.ts";
import { galleryEntry, portraitRecord } from "#test/builders/portrait-record.ts";

const nowMs = Date.parse("2026-03-29T13:00:00.456Z");
const minuteMs = 60_000;
const due = (afterMs = 0): OrderedDue => ({ nowMs: nowMs + afterMs, firstPauseMs: 5 * minuteMs, mostTries: 3 });
const passing = { code: "busy", message: "Later.", retryable: true };
const forGood = { code: "content_not_allowed", message: "Not this one.", retryable: false };
const idsOf = (portraits: PortraitRecord[]) => portraits.map(({ id }) => id);

describe("ordered portraits in memory", () =>
  describeOrdered(async () => ({ records: createMemoryPortraitRecords().records, close: async () => undefined })));

describeOnEachDatabase("ordered portraits", (open) =>
  describeOrdered(async () => {
    const { prisma, close } = await open();
    return { records: createPrismaPortraitRecords(prisma), close };
  }),
);

function describeOrdered(open: () => Promise<{ records: PortraitRecords; close(): Promise<void> }>): void {
  let records: PortraitRecords;
  let close: () => Promise<void>;
  let shop = "";
  let shops = 0;
  beforeAll(async () => void ({ records, close } = await open()));
  afterAll(() => close());
  beforeEach(() => void (shop = `ordered-${(shops += 1)}.shop`));

  const ordered = async (facts: Partial<PortraitRecord> = {}) => {
    const record = portraitRecord({
      shop,
      status: "pending",
      stage: null,
      reserved: null,
      orderedAtMs: nowMs,
      ...facts,
    });
    await records.insertSettled(record);
    return record;
  };
  const line = (key: string, atMs = nowMs) => ({
    ...{ key, painter: "gemini" as const, model: "m-2", styleRevision: 7, nowMs: atMs },
    reserved: { quota: null, budget: { shop, requestId: "r", day: "2026-03-29", microUsd: 1 } },
  });
  const toPaint = async (when = due(), options = { limit: 100 }) =>
    idsOf(await records.orderedToPaint(shop, when, options));
  const find = ({ id, shopper }: PortraitRecord) => records.find(shop, [shopper], id);

  it("are to be painted while they are promised or were called off, who was ordered first comes first", async () => {
    const late = await ordered({ orderedAtMs: nowMs - 1 });
    const early = await ordered({ orderedAtMs: nowMs - 2, status: "cancelled" });
    await ordered({ orderedAtMs: null });
    for (const status of ["queued", "making", "ready"] as const) await ordered({ status, key: status });
    await ordered({ status: "failed", error: forGood });
    const again = await ordered({ status: "failed", error: passing });
    expect(await toPaint()).toEqual([early.id, late.id, again.id]);
    expect(await toPaint(due(), { limit: 1 })).toEqual([early.id]);
    const only = { limit: 9, only: [late.id, "por_nobody"] };
    expect(idsOf(await records.orderedToPaint(shop, due(), only))).toEqual([late.id]);
    expect(await records.orderedToPaint("another.shop", due(), { limit: 9 })).toEqual([]);
    expect(await records.shopsWithOrdered(due(), 1_000)).toContain(shop);
  });

  it("go in line with what they will be painted with, once", async () => {
    const portrait = await ordered({ status: "cancelled", error: passing });
    const lines = await Promise.all([1, 2, 3].map(() => records.putInLine(portrait.id, line("new-key"))));
    expect(lines.filter((one) => one !== undefined)).toHaveLength(1);
    const { nowMs: _, ...painted } = line("new-key");
    expect(await find(portrait)).toEqual({
      ...portrait,
      ...painted,
      ...{ status: "queued", stage: "waiting", error: null, tries: 1 },
    });
    expect(idsOf(await records.waitingFor(shop, "new-key"))).toEqual([portrait.id]);
    expect(await toPaint()).toEqual([]);
    expect(await records.shopsWithOrdered(due(), 1_000)).not.toContain(shop);
  });

  it("that nobody ordered, or that have their picture, do not", async () => {
    const promised = await ordered({ orderedAtMs: null });
    const ready = await ordered({ status: "ready" });
    for (const { id } of [promised, ready]) expect(await records.putInLine(id, line("k"))).toBeUndefined();
    expect([(await find(promised))?.status, (await find(ready))?.status]).toEqual(["pending", "ready"]);
  });

  it("stand beside a wish of the same shopper for the same picture, and both are given it", async () => {
    const portrait = await ordered();
    await records.putInLine(portrait.id, line("twice"));
    const wish = await records.insertActive(portraitRecord({ shop, key: "twice" }));
    expect(wish.inserted).toBe(true);
    const promise = await records.insertPending(portraitRecord({ shop, key: "twice", status: "pending", stage: null }));
    expect(promise.id).not.toBe(portrait.id);
    const given = await records.finish(shop, "twice", galleryEntry(), {
      nowMs,
      imageToken: () => `img_${shop}_${shops++}`,
    });
    expect(idsOf(given).sort()).toEqual([portrait.id, wish.portrait.id].sort());
  });

  it("are promised again when it may yet come out well, and wait twice as long after each try", async () => {
    const portrait = await ordered();
    const fail = async (atMs: number) => {
      await records.putInLine(portrait.id, line("tried", nowMs + atMs));
      return records.fail(shop, "tried", passing, nowMs + atMs);
    };
    expect(await fail(0)).toMatchObject([{ id: portrait.id, status: "pending", error: passing }]);
    expect(await find(portrait)).toMatchObject({ status: "pending", stage: null });
    expect(await toPaint(due(5 * minuteMs - 1))).toEqual([]);
    expect(await toPaint(due(5 * minuteMs))).toEqual([portrait.id]);
    await fail(5 * minuteMs);
    expect(await toPaint(due(15 * minuteMs - 1))).toEqual([]);
    expect(await toPaint(due(15 * minuteMs))).toEqual([portrait.id]);
    await fail(15 * minuteMs);
    expect(await toPaint(due(1_000 * minuteMs))).toEqual([]);
  });

  it("fail alone as well, without coming back into a list that they have left; and for good where nothing helps", async () => {
    const [hidden, lost] = [await ordered(), await ordered()];
    await records.putInLine(hidden.id, line("hidden"));
    await records.hide(hidden.id, nowMs);
    const options = { nowMs, hidden: false };
    expect(await records.failOne(hidden.id, passing, options)).toMatchObject({ status: "pending" });
    expect(idsOf(await records.list(shop, ["c:1"], 100))).not.toContain(hidden.id);
    await records.putInLine(lost.id, line("lost"));
    expect(await records.failOne(lost.id, forGood, options)).toMatchObject({ status: "failed" });
    expect(await toPaint(due(1_000 * minuteMs))).toEqual([hidden.id]);
  });

  it("cannot be called off by their shopper, only leave the list", async () => {
    const [waits, promised] = [await ordered({ status: "queued", key: "waits" }), await ordered()];
    expect(await records.cancel(waits.id, nowMs)).toBeUndefined();
    for (const portrait of [waits, promised]) await records.hide(portrait.id, nowMs);
    expect([(await find(waits))?.status, (await find(promised))?.status]).toEqual(["queued", "pending"]);
    expect(await records.list(shop, ["c:1"], 100)).toEqual([]);
  });

  it("keep their long life when the same promise is asked for again", async () => {
    const portrait = await ordered({ key: "long", expiresAtMs: nowMs + 1_000_000 });
    const again = await records.insertPending({ ...portrait, id: "por_again", expiresAtMs: nowMs + 1_000 });
    expect(again).toMatchObject({ id: portrait.id, expiresAtMs: nowMs + 1_000_000 });
  });

  it("are not taken for forgotten because they are old, only once they have been in line for long", async () => {
    const portrait = await ordered({ createdAtMs: nowMs - 1_000_000, key: "in-line" });
    await records.putInLine(portrait.id, line("in-line", nowMs));
    const forgotten = async (beforeMs: number) =>
      (await records.forgottenJobs(beforeMs, 10_000)).filter((job) => job.shop === shop);
    expect(await forgotten(nowMs)).toEqual([]);
    expect(await forgotten(nowMs + 1)).toEqual([{ shop, key: "in-line", isOrdered: true }]);
  });
}
