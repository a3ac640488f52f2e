import { describe, expect, it } from "vitest";
import { createMemoryBudgetStore } from "#test/builders/memory-budget-store.ts";
import { createMemoryPortraitRecords } from "#test/builders/memory-portrait-records.ts";
import { budgetsOf } from "#test/builders/budgets.ts";
import { createQuickPainter } from "#test/builders/painter.ts";
import { portraitRecord } from "#test/builders/portrait-record.ts";
import { pricedAt } from "#test/builders/prices.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { at } from "#test/builders/quota-tickets.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { randomIds } from "#app/kernel/ids.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import { paintOrdered, type PaintOrderedParts } from "./paint-ordered.ts";

const shop = "a.shop";

function open(facts: Partial<PaintOrderedParts> = {}) {
  const { records } = createMemoryPortraitRecords();
  const { log, said } = quietLog();
  const queued: { key: string; turnAtMs: number }[] = [];
  const parts: PaintOrderedParts = {
    records,
    gallery: { find: async () => undefined },
    budget: createMemoryBudgetStore().store,
    prices: pricedAt(40_000, { "cheaper-1": 10_000 }),
    budgets: budgetsOf({ shopDay: 100_000 }),
    queue: { enqueue: async ({ key }, { turnAtMs }) => void queued.push({ key, turnAtMs }) },
    secrets: { secretOf: async () => "a shop's own secret" },
    painters: [createQuickPainter(), createQuickPainter({}, "cheaper-1")].map((painter) => ({ painter }) as never),
    cutoutVariant: "quick-1",
    size: { width: 64, height: 80 },
    clock: stoppedClock(at()),
    ids: randomIds,
    leaseMs: 90_000,
    log,
    onChange: () => undefined,
    ...facts,
  };
  const order = async (given: Partial<PortraitRecord> = {}) => {
    const promised = { status: "pending", stage: null, reserved: null, orderedAtMs: at() } as const;
    const record = portraitRecord({ shop, ...promised, ...given });
    await records.insertSettled(record);
    return record;
  };
  const find = async ({ id, shopper }: PortraitRecord) => records.find(shop, [shopper], id);
  return { parts, records, order, find, queued, said };
}

describe("what is ordered", () => {
  it("is put in line with the usual painter of today, its own hold, and a turn before all browsers", async () => {
    const { parts, order, find, queued } = open();
    const portrait = await order({ key: "of then", model: "gone-1", painter: "gemini", styleRevision: 0 });
    await paintOrdered(parts, shop);
    const inLine = await find(portrait);
    expect(inLine).toMatchObject({ status: "queued", painter: "preview", model: "preview-1", styleRevision: 1 });
    expect(inLine?.key).not.toBe("of then");
    expect(inLine?.reserved).toEqual({
      quota: null,
      budget: { shop, requestId: portrait.id, day: "2026-03-29", microUsd: 40_000 },
    });
    expect((await parts.budget.committed(shop, "2026-03-29", at())).shopDay).toBe(40_000);
    expect(queued).toEqual([{ key: inLine?.key, turnAtMs: at(-24 * 60 * 60_000) }]);
  });

  it("goes in line as far as the money reaches, who was ordered first comes first, and the rest is not tried", async () => {
    const { parts, order, find } = open();
    const orders = [];
    for (const afterMs of [3, 1, 2]) orders.push(await order({ orderedAtMs: at(afterMs) }));
    await paintOrdered(parts, shop);
    expect(await Promise.all(orders.map(async (one) => (await find(one))?.status))).toEqual([
      "pending",
      "queued",
      "queued",
    ]);
  });

  it("that is painted already holds nothing, and can hold what it needs should the picture be gone by then", async () => {
    const { parts, order, find } = open({
      gallery: { find: async () => ({}) as never },
      budgets: budgetsOf({ shopDay: 0 }),
    });
    const portrait = await order();
    await paintOrdered(parts, shop);
    expect(await find(portrait)).toMatchObject({ status: "queued", reserved: { budget: { microUsd: 40_000 } } });
    expect((await parts.budget.committed(shop, "2026-03-29", at())).shopDay).toBe(0);
  });

  it("was put in line by another instance meanwhile: what was held is given back", async () => {
    const { parts, records, order } = open();
    await order();
    const late = { ...records, putInLine: async () => undefined };
    await paintOrdered({ ...parts, records: late }, shop);
    expect((await parts.budget.committed(shop, "2026-03-29", at())).shopDay).toBe(0);
  });

  it("is not kept from its turn by another one's trouble", async () => {
    const { parts, order, find, said } = open();
    const [broken, good] = [
      await order({ style: "not_offered", model: "unpriced-1" }),
      await order({ orderedAtMs: at(1) }),
    ];
    await paintOrdered(parts, shop);
    expect([(await find(broken))?.status, (await find(good))?.status]).toEqual(["pending", "queued"]);
    expect(said.map(({ event }) => event)).toEqual(["order.interrupted"]);
  });
});
