import type { GalleryEntry } from "#app/gallery/gallery.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { giveBackAll } from "./give-back.ts";
import type { PortraitRecord, PortraitRecords } from "./portrait-records.ts";

export type ChargeAndGiveParts = {
  records: PortraitRecords;
  quota: QuotaStore;
  budget: BudgetStore;
  clock: Clock;
  ids: Ids;
};

/**
 * A picture is kept: one of those who wanted it is charged, all who wait are given it, and what is held is given back.
 *
 * @param portrait - whose making it was
 * @param sinceMs - who has left since then may have to be charged, milliseconds since the epoch
 */
export async function chargeAndGive(
  parts: ChargeAndGiveParts,
  entry: GalleryEntry,
  { portrait, sinceMs }: { portrait: PortraitRecord; sinceMs: number },
): Promise<void> {
  const { shop, key } = portrait;
  const gone = await parts.records.cancelledSince(shop, key, sinceMs);
  const left = gone.filter(({ startedAtMs }) => startedAtMs !== null);
  const only = await chargeSomebody(parts, entry.objectName, { portrait, left });
  const options = { nowMs: parts.clock.nowMs(), imageToken: () => parts.ids.next("img"), only };
  const ready = await parts.records.finish(shop, key, entry, options);
  // Who was charged stays charged; the money that was held for them may be another one's than what was painted with.
  await giveBackAll(parts, [portrait, ...ready, ...gone]);
}

/**
 * Nobody is given a picture before it is charged: a process that dies between the two would have given it for nothing. So
 * who comes in while nobody can be charged is asked too, and whoever comes in after that is not given it here: their own
 * job takes it up.
 *
 * @returns to whom it may be given: their ids where nobody could be charged, undefined for everybody where it is paid
 */
async function chargeSomebody(
  parts: ChargeAndGiveParts,
  objectName: string,
  { portrait: { shop, key }, left }: { portrait: PortraitRecord; left: readonly PortraitRecord[] },
): Promise<string[] | undefined> {
  const asked = new Set<string>();
  for (;;) {
    const waiting = await parts.records.waitingFor(shop, key);
    // Asked last: what was given by then was charged then, also where the records of who paid have been forgotten since.
    if (await parts.records.wasGiven(shop, objectName)) return undefined;
    const candidates = [...left, ...waiting.toSorted(firstInMaking)].filter(({ id }) => !asked.has(id));
    if (candidates.length === 0) return [...asked];
    if ((await chargeOne(parts, objectName, candidates)) !== undefined) return undefined;
    for (const { id } of candidates) asked.add(id);
  }
}

/**
 * One picture was painted, so one unit is charged, to the first who still has one to give: who has left comes before who
 * waits, and who asked first before who joined. Everybody else pays as for a picture out of the gallery: nothing.
 *
 * What those who left had held was given back where others stayed, and then they cannot be charged any more; who still can
 * be has left a call that could not be stopped, or was charged by a making that died after it.
 *
 * @returns who was charged
 */
async function chargeOne(
  parts: ChargeAndGiveParts,
  objectName: string,
  candidates: readonly PortraitRecord[],
): Promise<PortraitRecord | undefined> {
  for (const candidate of candidates) {
    const charged = await chargePayer(parts, objectName, candidate);
    if (charged !== undefined) return charged;
  }
  return undefined;
}

/**
 * Who pays is written down before they are charged, so that all makings of a picture, the dead and the stalled ones
 * included, charge the same one. Only who has been answered that they are let off, which is for ever, makes room for
 * another.
 */
async function chargePayer(
  parts: ChargeAndGiveParts,
  objectName: string,
  candidate: PortraitRecord,
): Promise<PortraitRecord | undefined> {
  const payer = await parts.records.decidePayer(candidate, objectName);
  if (payer === undefined || (await isCharged(parts, payer))) return payer;
  await parts.records.letPayerOff(payer.id, objectName);
  return payer.id === candidate.id ? undefined : chargePayer(parts, objectName, candidate);
}

async function isCharged(parts: ChargeAndGiveParts, payer: PortraitRecord): Promise<boolean> {
  const ticket = payer.reserved?.quota;
  return !ticket || (await parts.quota.commit(ticket, { nowMs: parts.clock.nowMs() })) === "committed";
}

/**
 * Who was there when the making began comes before who came in while it ran; a wish can be late in being written down, and
 * then says that it was made before one that has been charged already.
 */
const firstInMaking = (a: PortraitRecord, b: PortraitRecord): number =>
  (a.startedAtMs ?? Number.MAX_SAFE_INTEGER) - (b.startedAtMs ?? Number.MAX_SAFE_INTEGER);
