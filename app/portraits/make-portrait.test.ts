import { describe, expect, it } from "vitest";
import { createGallery } from "#app/gallery/gallery.ts";
import { RecordsAway } from "#app/kernel/errors.ts";
import { leaseMs, photoName, shop, useMakings } from "#test/builders/making.ts";
import { createMemoryObjectStore } from "#test/builders/memory-object-store.ts";
import { quickRemover } from "#test/builders/painter.ts";
import { samePreview } from "#test/builders/previews.ts";
import { at } from "#test/builders/quota-tickets.ts";
import { createMakePortrait } from "./make-portrait.ts";

const { attempts, job, open, spent, statusOf, usedBy, waiting } = useMakings();

describe("a making", () => {
  it("charges the one who asked first, gives the others' holds back, and writes the bill", async () => {
    const { parts, make, painter } = await open();
    const [first, second] = [await waiting(parts, "c:1"), await waiting(parts, "c:2", at(1))];
    await make(job());
    expect([await statusOf(parts, first), await statusOf(parts, second)]).toEqual(["ready", "ready"]);
    expect([await usedBy(parts, first), await usedBy(parts, second)]).toEqual([1, 0]);
    expect(painter.calls).toHaveLength(1);
    expect(await spent(parts)).toBe(40_000);
    expect(await attempts()).toMatchObject([{ outcome: "painted", costMicroUsd: 40_000n }]);
  });

  it("for somebody who came when it was over costs them nothing: the picture had been paid for", async () => {
    const { parts, make, painter } = await open();
    await waiting(parts, "c:1");
    await make(job());
    const late = await waiting(parts, "c:2");
    await make(job());
    expect([await statusOf(parts, late), await usedBy(parts, late)]).toEqual(["ready", 0]);
    expect(painter.calls).toHaveLength(1);
  });

  it("that died after the picture was kept goes on from there, and charges once", async () => {
    const { parts, make, painter } = await open({});
    const dying = { ...parts, quota: { ...parts.quota, commit: () => Promise.reject(new Error("killed")) } };
    const portrait = await waiting(parts, "c:1");
    const goingDown = AbortSignal.abort();
    await expect(
      createMakePortrait({ ...dying, gallery: { ...parts.gallery, find: async () => undefined } }).make(job(), {
        signal: goingDown,
      }),
    ).rejects.toThrow();
    expect(await statusOf(parts, portrait)).toBe("making");
    await parts.gallery.keep(shop, job().key, {
      bytes: Buffer.from("x"),
      contentType: "image/jpeg",
      width: 1,
      height: 1,
      painter: "preview",
      model: "preview-1",
      backgroundKept: false,
      cutoutBy: quickRemover.variant,
    });
    await make(job());
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
    expect(painter.calls).toHaveLength(0);
  });

  it("that died after it had charged charges no second time", async () => {
    const { parts, make } = await open();
    const portrait = await waiting(parts, "c:1");
    if (portrait.reserved?.quota) await parts.quota.commit(portrait.reserved.quota, { nowMs: at() });
    await make(job());
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
  });

  it("that takes too long fails with a sentence and gives everything back", async () => {
    const { parts, make, painter } = await open({ deadlineMs: 1_500 });
    painter.plan.takesMs = 600_000;
    const portrait = await waiting(parts, "c:1");
    await make(job());
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
    const made = make(job(), { signal: goingDown.signal });
    await expect.poll(() => painter.calls.length).toBe(1);
    goingDown.abort(new Error("going down"));
    await expect(made).rejects.toThrow("going down");
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["making", 1]);
    painter.plan.takesMs = 0;
    await make(job());
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
  });

  it("of a photo that is gone fails for good and gives everything back", async () => {
    const { parts, make, store } = await open();
    await store.delete(photoName);
    const portrait = await waiting(parts, "c:1");
    await make(job());
    const failed = await parts.records.find(shop, ["c:1"], portrait.id);
    expect(failed).toMatchObject({ status: "failed", error: { code: "photo_needed", retryable: false } });
    expect([await usedBy(parts, portrait), await spent(parts)]).toEqual([0, 0]);
  });

  it("of a picture that is kept and was never shown shows it", async () => {
    const previews = createMemoryObjectStore();
    const masters = createMemoryObjectStore();
    const gallery = createGallery({ masters: masters.store, previews: previews.store, previewMaker: samePreview });
    const { parts, make } = await open({ gallery });
    await waiting(parts, "c:1");
    const bytes = Buffer.from("x");
    const facts = { contentType: "image/jpeg", width: 1, height: 1, painter: "preview", model: "preview-1" };
    const { objectName } = await gallery.keep(shop, job().key, {
      bytes,
      ...facts,
      backgroundKept: false,
      cutoutBy: "q",
    });
    await previews.store.delete(objectName);
    await make(job());
    expect(previews.names()).toEqual([objectName]);
  });

  it("whose records are away for a moment is asked for again, and fails nobody", async () => {
    const { parts, make } = await open();
    const portrait = await waiting(parts, "c:1");
    const away = () => Promise.reject(new RecordsAway(new Error("connection lost"), "database: connection lost"));
    for (const step of ["begin", "end"] as const) {
      const attempts = { ...parts.attempts, [step]: away };
      await expect(createMakePortrait({ ...parts, attempts }).make(job())).rejects.toThrow(RecordsAway);
      expect(await statusOf(parts, portrait)).toBe("making");
    }
    await make(job());
    expect(await statusOf(parts, portrait)).toBe("ready");
  });

  it("whose picture is kept while the quota store does not answer is asked for again, charged and given", async () => {
    const { parts, make, painter } = await open();
    const silent = { ...parts, quota: { ...parts.quota, commit: () => Promise.reject(new Error("no answer")) } };
    const portrait = await waiting(parts, "c:1");
    await expect(createMakePortrait(silent).make(job())).rejects.toThrow("no answer");
    expect(await statusOf(parts, portrait)).toBe("making");
    await make(job());
    expect([await statusOf(parts, portrait), await usedBy(parts, portrait)]).toEqual(["ready", 1]);
    expect(painter.calls).toHaveLength(1);
  });

  it("that another remover stood in for is kept under the job().key of what shaped it, and given to who asked", async () => {
    const standIn = { ...quickRemover, variant: "service-1" };
    const { parts, make, painter } = await open({ remover: standIn });
    const first = await waiting(parts, "c:1");
    await make(job());
    const given = await parts.records.find(shop, ["c:1"], first.id);
    expect(given).toMatchObject({ status: "ready", cutoutBy: quickRemover.variant });
    expect(given?.objectName).not.toContain(job().key);
    expect(await parts.gallery.find(shop, job().key)).toBeUndefined();
    expect(await usedBy(parts, first)).toBe(1);

    // Somebody else during the same outage: nothing is painted and nothing charged.
    const second = await waiting(parts, "c:2");
    await make(job());
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
    await createMakePortrait({ ...parts, remover: service }).make(job());
    expect([await statusOf(parts, third), await usedBy(parts, third)]).toEqual(["ready", 1]);
    expect((await parts.gallery.find(shop, job().key))?.cutoutBy).toBe("service-1");
    expect(painter.calls).toHaveLength(2);
  });

  it("does not begin for somebody whose room has gone to others, and goes on to the next who waits", async () => {
    const { parts, make, painter } = await open();
    const [first, second] = [await waiting(parts, "c:1"), await waiting(parts, "c:2", at(1))];
    const claims = first.reserved?.quota?.claims ?? [];
    if (first.reserved?.quota) await parts.quota.refund(first.reserved.quota, { nowMs: at() });
    for (let n = 0; n < 3; n++) {
      const ticket = { shop, requestId: `${job().key}-${n}`, claims };
      await parts.quota.reserve(ticket, { nowMs: at(), leaseMs });
      await parts.quota.commit(ticket, { nowMs: at() });
    }
    await make(job());
    expect(await parts.records.find(shop, ["c:1"], first.id)).toMatchObject({
      status: "failed",
      error: { code: "quota_none" },
    });
    expect(await statusOf(parts, second)).toBe("queued");
    expect(painter.calls).toHaveLength(0);
    await make(job());
    expect([await statusOf(parts, second), await usedBy(parts, second)]).toEqual(["ready", 1]);
  });
});
