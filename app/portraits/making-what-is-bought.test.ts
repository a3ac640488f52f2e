import { describe, expect, it } from "vitest";
import type { Gallery } from "#app/gallery/gallery.ts";
import { paintingTookTooLong } from "#app/painters/errors.ts";
import { day, shop, useMakings } from "#test/builders/making.ts";
import { portraitRecord } from "#test/builders/portrait-record.ts";
import { at } from "#test/builders/quota-tickets.ts";
import { createMakePortrait, type MakePortraitParts } from "./make-portrait.ts";
import type { PortraitRecord } from "./portrait-records.ts";

const { job, open, statusOf, usedBy, waiting } = useMakings();

/** Bought, put in line, with its money held; as app/orders/paint-ordered.ts leaves it. */
async function bought({ records, prices }: MakePortraitParts, facts: Partial<PortraitRecord> = {}) {
  const record = portraitRecord({ shop, key: "of then", status: "pending", stage: null, orderedAtMs: at(), ...facts });
  await records.insertSettled({ ...record, reserved: null });
  const { highestMicroUsd: microUsd } = prices.priceOf(record.model, day);
  const budget = { shop: job().key, requestId: record.id, day, microUsd };
  const line = { painter: record.painter, model: record.model, styleRevision: 1, nowMs: at() };
  const queued = await records.putInLine(record.id, { ...line, key: job().key, reserved: { quota: null, budget } });
  if (queued === undefined) throw new Error("it was not put in line");
  return queued;
}

function keepingTrack({ gallery }: MakePortraitParts) {
  const kept: number[] = [];
  const keepUntil: Gallery["keepUntil"] = async (name, atMs) => {
    kept.push(atMs);
    await gallery.keepUntil(name, atMs);
  };
  return { gallery: { ...gallery, keepUntil }, kept };
}

describe("a making of what is bought", () => {
  it("charges nobody's quota, and who only looked and waits with it pays nothing either", async () => {
    const { parts, make, painter } = await open();
    const [order, looker] = [await bought(parts, { createdAtMs: at(-86_400_000) }), await waiting(parts, "c:2")];
    await make(job());
    expect([await statusOf(parts, order), await statusOf(parts, looker)]).toEqual(["ready", "ready"]);
    expect([await usedBy(parts, looker), painter.calls.length]).toEqual([0, 1]);
  });

  it("keeps the picture for as long as the one who has it longest", async () => {
    const { parts } = await open();
    const { gallery, kept } = keepingTrack(parts);
    await waiting(parts, "c:2", at(-1));
    await bought(parts, { createdAtMs: at(1), expiresAtMs: at(365 * 86_400_000) });
    await createMakePortrait({ ...parts, gallery }).make(job());
    expect(kept).toEqual([at(365 * 86_400_000)]);
  });

  it("does not tell storage twice where nobody has it longer", async () => {
    const { parts } = await open();
    const { gallery, kept } = keepingTrack(parts);
    await waiting(parts, "c:2");
    await createMakePortrait({ ...parts, gallery }).make(job());
    expect(kept).toEqual([]);
  });

  it("that is given up is promised once more, and the second time it fails for good", async () => {
    const { parts } = await open();
    const { giveUp } = createMakePortrait(parts);
    const order = await bought(parts);
    await giveUp(job(), paintingTookTooLong(undefined));
    expect(await statusOf(parts, order)).toBe("pending");
    const line = { key: job().key, painter: order.painter, model: order.model, styleRevision: 1, reserved: null };
    await parts.records.putInLine(order.id, { ...line, nowMs: at(1) });
    await giveUp(job(), paintingTookTooLong(undefined));
    expect(await statusOf(parts, order)).toBe("failed");
  });
});
