import { describe, expect, it } from "vitest";
import { RecordsAway } from "#app/kernel/errors.ts";
import { budgetsOf } from "#test/builders/budgets.ts";
import { day, leaseMs, shop, useMakings } from "#test/builders/making.ts";
import { createQuickPainter, providerDown, quickRemover } from "#test/builders/painter.ts";
import { at } from "#test/builders/quota-tickets.ts";
import { callLeaseMs } from "./call-money.ts";
import { createMakePortrait } from "./make-portrait.ts";

const { attempts, job, open, spent, statusOf, usedBy, waiting } = useMakings();

describe("the money of a making", () => {
  it("holds the money of a call that may be billed until it is settled, although the books fail right after", async () => {
    const { parts } = await open();
    const budget = { ...parts.budget, settle: () => Promise.reject(new Error("the records do not answer")) };
    const { make } = await open({ budget });
    await waiting(parts, "c:1");
    await expect(make(job())).rejects.toThrow("the records do not answer");
    expect(await attempts()).toMatchObject([{ outcome: "running" }]);
    const foundAbandonedMs = at() + callLeaseMs - 1;
    expect((await parts.budget.committed(job().key, day, foundAbandonedMs)).shopDay).toBe(40_000);
  });

  it("keeps the money of a call under way, whatever its shopper gives back and whoever holds anew", async () => {
    const { parts, painter } = await open();
    const portrait = await waiting(parts, "c:1");
    const ticket = { shop: job().key, requestId: portrait.id, day, microUsd: 40_000 };
    const seen: number[] = [];
    const paint: typeof painter.paint = async (request) => {
      await parts.budget.release(ticket);
      seen.push(await spent(parts));
      await parts.budget.reserve(ticket, { nowMs: at(), leaseMs, limits: parts.budgets });
      seen.push(await spent(parts));
      return painter.paint(request);
    };
    const painters = parts.painters.map(({ guard }) => ({ painter: { ...painter, paint }, guard }));
    await createMakePortrait({ ...parts, painters }).make(job());
    expect(seen).toEqual([40_000, 80_000]);
    await parts.budget.release(ticket);
    expect(await spent(parts)).toBe(40_000);
  });

  it("is not tried again with money that the first attempt may have cost", async () => {
    const { parts, make, painter } = await open({ budgets: budgetsOf({ shopDay: 79_999 }) });
    painter.plan.fails = () => providerDown({ remedy: "retry", billing: "unknown" });
    const portrait = await waiting(parts, "c:1");
    await make(job());
    expect(painter.calls).toHaveLength(1);
    expect(await parts.records.find(shop, ["c:1"], portrait.id)).toMatchObject({ error: { code: "budget_spent" } });
    expect([await usedBy(parts, portrait), await spent(parts)]).toEqual([0, 40_000]);
  });

  it("costs nothing where the provider answered each attempt with an error", async () => {
    const { parts, make, painter } = await open();
    painter.plan.fails = () => providerDown({ remedy: "retry", billing: "nothing" });
    await waiting(parts, "c:1");
    await make(job());
    expect(painter.calls).toHaveLength(3);
    expect(await attempts()).toMatchObject([1, 2, 3].map(() => ({ billing: "nothing", costMicroUsd: 0n })));
    expect(await spent(parts)).toBe(0);
  });

  it("keeps what was paid for although the books are away from then on, and pays for it once", async () => {
    const { parts, make, painter } = await open();
    const portrait = await waiting(parts, "c:1");
    const away = () => Promise.reject(new RecordsAway(new Error("connection lost"), "database: connection lost"));
    const setStage: typeof parts.records.setStage = (...stage) =>
      stage[2] === "saving" ? away() : parts.records.setStage(...stage);
    const gone = {
      ...parts,
      records: { ...parts.records, setStage },
      budget: { ...parts.budget, settle: away },
      attempts: { ...parts.attempts, end: away },
    };
    await expect(createMakePortrait(gone).make(job())).rejects.toThrow(RecordsAway);
    expect(await attempts()).toMatchObject([{ outcome: "running" }]);
    await make(job());
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
    expect(painter.calls).toHaveLength(1);
  });

  it("keeps it under another remover's key too, and finds it there", async () => {
    const { parts, make, painter } = await open({ remover: { ...quickRemover, variant: "service-1" } });
    const portrait = await waiting(parts, "c:1");
    const budget = { ...parts.budget, settle: () => Promise.reject(new Error("the books are closed")) };
    await expect(createMakePortrait({ ...parts, budget }).make(job())).rejects.toThrow("the books are closed");
    expect(await statusOf(parts, portrait)).toBe("making");
    await make(job());
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
    expect(painter.calls).toHaveLength(1);
  });

  it("whose picture cannot be kept is in the books all the same", async () => {
    const { parts } = await open();
    const portrait = await waiting(parts, "c:1");
    const gallery = { ...parts.gallery, keep: () => Promise.reject(new Error("the disk is full")) };
    await createMakePortrait({ ...parts, gallery }).make(job());
    expect(await statusOf(parts, portrait)).toBe("failed");
    expect(await attempts()).toMatchObject([{ outcome: "painted", costMicroUsd: 40_000n }]);
    expect([await usedBy(parts, portrait), await spent(parts)]).toEqual([0, 40_000]);
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
    await expect(died.make(job(), { signal: goingDown.signal })).rejects.toThrow("killed");
    await make(job());
    expect(await attempts()).toMatchObject([{ outcome: "painted" }, { outcome: "painted" }]);
    expect(await spent(parts)).toBe(80_000);
  });

  it("is not begun with money that the day no longer has", async () => {
    const { parts, make, painter } = await open({ budgets: budgetsOf({ shopDay: 39_999 }) });
    const portrait = await waiting(parts, "c:1");
    await make(job());
    expect(await parts.records.find(shop, ["c:1"], portrait.id)).toMatchObject({ error: { code: "budget_spent" } });
    expect(painter.calls).toHaveLength(0);
    expect(await usedBy(parts, portrait)).toBe(0);
  });
});
