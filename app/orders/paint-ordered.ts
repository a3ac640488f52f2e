import type { Gallery } from "#app/gallery/gallery.ts";
import { utcDay } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import type { BudgetLimits, BudgetTicket } from "#app/ledger/budget-decisions.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";
import type { PriceTable } from "#app/ledger/price-table.ts";
import { draftPortraits, type KeyParts } from "#app/portraits/draft-portraits.ts";
import type { PaintingQueue } from "#app/portraits/painting-queue.ts";
import type { PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { turnInLine } from "#app/portraits/turn-in-line.ts";
import { findStyle } from "#app/styles/catalogue.ts";

/**
 * Puts what is ordered and has no picture yet in line, before everybody who only looks. It needs no quota: it is bought.
 * Money it does need, as every call does; while there is none it stays `pending` and is looked at again, so that the first
 * money of the next day is for orders. A try that came to nothing is made again after a while.
 */
export type PaintOrderedParts = KeyParts & {
  records: Pick<PortraitRecords, "orderedToPaint" | "putInLine">;
  gallery: Pick<Gallery, "find">;
  budget: BudgetStore;
  prices: PriceTable;
  budgets: BudgetLimits;
  queue: PaintingQueue;
  leaseMs: number;
  log: Log;
  onChange(shop: string, key: string): void;
};

/** Five minutes after the first try, in all two days: an outage of the provider is over by then, or somebody looks. */
export const orderedTries = Object.freeze({ firstPauseMs: 5 * 60_000, mostTries: 10 });

/** Portraits of a shop looked at in one go. */
const atOnce = 50;

/** @param only - of the shop's portraits these alone */
export async function paintOrdered(
  parts: PaintOrderedParts,
  shop: string,
  { only }: { only?: readonly string[] } = {},
): Promise<void> {
  const due = { nowMs: parts.clock.nowMs(), ...orderedTries };
  const portraits = await parts.records.orderedToPaint(shop, due, { limit: atOnce, only });
  for (const portrait of portraits) {
    try {
      if ((await putInLine(parts, portrait)) === "no money") return;
    } catch (error) {
      // One portrait's trouble is not another's.
      parts.log.warn("order.interrupted", { shop, portrait: portrait.id, error });
    }
  }
}

async function putInLine(parts: PaintOrderedParts, portrait: PortraitRecord): Promise<"no money" | "done"> {
  const { draft, isPainted } = await draftAnew(parts, portrait);
  const money = ticketFor(parts, portrait, draft);
  // Also where there is a picture: it may be forgotten before the making looks, which then holds what it needs.
  const reserved = { quota: null, budget: money };
  if (!isPainted && !(await isHeld(parts, money))) return "no money";
  const { shop } = portrait;
  const { key, painter, model, styleRevision } = draft;
  const nowMs = parts.clock.nowMs();
  const queued = await parts.records.putInLine(portrait.id, { key, painter, model, styleRevision, reserved, nowMs });
  if (queued === undefined) {
    // Another instance was first, and its making holds anew when it starts.
    await parts.budget.release(money);
    return "done";
  }
  await parts.queue.enqueue({ shop, key }, { turnAtMs: turnInLine({ nowMs, shopsWaiting: 0, isOrdered: true }) });
  parts.onChange(shop, portrait.key);
  return "done";
}

/**
 * A promise may be months old, and its key names a painter and a wording of then. It is painted by who paints now; and it
 * may have been painted for somebody in the meantime.
 */
async function draftAnew(
  parts: PaintOrderedParts,
  portrait: PortraitRecord,
): Promise<{ draft: PortraitRecord; isPainted: boolean }> {
  const { shop, photos, take } = portrait;
  const style = findStyle(portrait.style);
  // Its making says what is wrong.
  if (style === undefined) return { draft: portrait, isPainted: false };
  const drafts = await draftPortraits(parts, shopperOf(portrait), { photos, style, take });
  for (const draft of drafts) if (await parts.gallery.find(shop, draft.key)) return { draft, isPainted: true };
  return { draft: drafts[0], isPainted: false };
}

const shopperOf = ({ shop, shopper, session }: PortraitRecord) => ({
  shop,
  customer: shopper.startsWith("c:") ? shopper : null,
  session,
  address: null,
});

function ticketFor({ prices, clock }: PaintOrderedParts, { shop, id }: PortraitRecord, draft: PortraitRecord) {
  const day = utcDay(clock.nowMs());
  return { shop, requestId: id, day, microUsd: prices.priceOf(draft.model, day).highestMicroUsd };
}

async function isHeld(parts: PaintOrderedParts, ticket: BudgetTicket): Promise<boolean> {
  const { budget, budgets: limits, clock, leaseMs } = parts;
  return (await budget.reserve(ticket, { limits, nowMs: clock.nowMs(), leaseMs })).allowed;
}
