import type { Gallery } from "#app/gallery/gallery.ts";
import { nextUtcMidnightMs, utcDay } from "#app/kernel/clock.ts";
import { asAppError } from "#app/kernel/errors.ts";
import { ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";
import { budgetStanding } from "#app/ledger/budget-ladder.ts";
import type { BudgetStore, BudgetTicket } from "#app/ledger/budget-store.ts";
import { budgetSpent, moneyAgainAtMs } from "#app/ledger/errors.ts";
import type { PriceTable } from "#app/ledger/price-table.ts";
import { choosePainter } from "#app/painters/choose-painter.ts";
import { quotaExhausted } from "#app/quota/errors.ts";
import type { QuotaStore, QuotaTicket } from "#app/quota/quota-store.ts";
import { shopperQuota } from "#app/quota/shopper-quota.ts";
import { quotaClaims, type QuotaLimits } from "#app/quota/tiers.ts";
import { findStyle } from "#app/styles/catalogue.ts";
import { draftPortraits, ownPhotos, type DraftParts, type Drafts, type PhotoChoice } from "./draft-portraits.ts";
import { noNewTakesToday, styleUnknown, tooManyWait } from "./errors.ts";
import { findFinished } from "./find-finished.ts";
import { giveBack } from "./give-back.ts";
import type { PaintingQueue } from "./painting-queue.ts";
import { isActive, type PortraitRecord, type PortraitRecords } from "./portrait-records.ts";
import { reserve } from "./reserve.ts";
import { turnInLine } from "./turn-in-line.ts";

/**
 * A shopper asks for a portrait. What is in the gallery is given at once and costs nothing; what is being made is waited
 * for; only what is new is reserved, in quota and in money, and put into the queue. A `pending` portrait is a promise for
 * the merchant to keep after the order: it needs no quota and no budget, and so never blocks a sale.
 */
export type PortraitWish = {
  photos: PhotoChoice[];
  style: string;
  take: number;
  pending: boolean;
};

export type PortraitGiven = { portrait: PortraitRecord; outcome: "ready" | "accepted" | "pending" };

export type RequestPortraitParts = DraftParts & {
  records: PortraitRecords;
  gallery: Gallery;
  quota: QuotaStore;
  budget: BudgetStore;
  prices: PriceTable;
  queue: PaintingQueue;
  limits: QuotaLimits;
  budgets: BudgetLimits;
  leaseMs: number;
  /** Portraits of all shops that may wait; past it a new one is refused. */
  mostWaiting: number;
  onCacheHit(shopper: Shopper, portrait: PortraitRecord): Promise<void>;
};

/**
 * @throws AppError `photo_needed`, `style_unknown`, `quota_*`, `budget_spent` or `busy`; nothing is reserved then
 */
export async function requestPortrait(
  parts: RequestPortraitParts,
  shopper: Shopper,
  wish: PortraitWish,
): Promise<PortraitGiven> {
  const style = findStyle(wish.style);
  if (style === undefined) throw styleUnknown();
  const photos = await ownPhotos(parts, shopper, wish.photos);
  const drafts = await draftPortraits(parts, shopper, { photos, style, take: wish.take });

  const { portrait: found, trouble } = await findFinished(parts, shopper, drafts);
  if (found !== undefined) {
    await parts.onCacheHit(shopper, found);
    return { portrait: { ...found, cached: true }, outcome: "ready" };
  }
  if (wish.pending) {
    const portrait = await parts.records.insertPending({ ...drafts[0], status: "pending", stage: null });
    return { portrait, outcome: "pending" };
  }
  if (trouble !== undefined) throw trouble;
  return accept(parts, shopper, drafts);
}

/**
 * The record comes first, so that the same wish made twice at once is one record and is charged once; and it says what is
 * to be reserved before anything is, so that whoever finds it after a crash knows what there is to give back.
 */
async function accept(parts: RequestPortraitParts, shopper: Shopper, drafts: Drafts): Promise<PortraitGiven> {
  for (const { key } of drafts) {
    const joined = await parts.records.findActive(shopper.shop, ownersOf(shopper), key);
    if (joined !== undefined) return { portrait: joined, outcome: "accepted" };
  }
  await refuseIfPlainlyExhausted(parts, shopper);
  const turnAtMs = await turnOf(parts, shopper);
  const draft = await chooseDraft(parts, drafts);
  const tickets = ticketsFor(parts, shopper, draft);

  const { portrait, inserted } = await parts.records.insertActive({ ...draft, reserved: tickets });
  if (!inserted) return { portrait, outcome: "accepted" };
  try {
    await reserve(parts, tickets);
  } catch (error) {
    await refuse(parts, portrait.id, error);
    throw error;
  }
  await parts.queue.enqueue({ shop: portrait.shop, key: portrait.key }, { turnAtMs });
  return { portrait: await giveBackIfEnded(parts, shopper, portrait), outcome: "accepted" };
}

type Tickets = { quota: QuotaTicket; budget: BudgetTicket };

function ticketsFor(
  parts: RequestPortraitParts,
  shopper: Shopper,
  { id, shop, model, createdAtMs }: PortraitRecord,
): Tickets {
  const day = utcDay(createdAtMs);
  return {
    quota: { shop, requestId: id, claims: quotaClaims(shopper, parts.limits, createdAtMs) },
    budget: { shop, requestId: id, day, microUsd: parts.prices.priceOf(model, day).highestMicroUsd },
  };
}

/** A crowd at a closed door costs one read each, not a record. What passes here is still decided by `reserve`. */
async function refuseIfPlainlyExhausted(parts: RequestPortraitParts, shopper: Shopper): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const claims = quotaClaims(shopper, parts.limits, nowMs);
  const { blockedBy, retryAtMs } = shopperQuota(claims, await parts.quota.usage(shopper.shop, claims, { nowMs }));
  if (blockedBy !== null) throw quotaExhausted(blockedBy, retryAtMs ?? nextUtcMidnightMs(nowMs));
}

/** How long a shopper is asked to wait when the queue is full, milliseconds: about a portrait's time. */
const queueMovesInMs = 20_000;

/** @throws AppError `busy` where too many wait already */
async function turnOf(parts: RequestPortraitParts, { shop }: Shopper): Promise<number> {
  const { all, ofShop } = await parts.records.countWaiting(shop, parts.mostWaiting);
  const nowMs = parts.clock.nowMs();
  if (all >= parts.mostWaiting) throw tooManyWait(nowMs + queueMovesInMs);
  return turnInLine({ nowMs, shopsWaiting: ofShop });
}

/** Money runs out in steps; which painter it still pays for, and what for, is decided before anything is held. */
async function chooseDraft(parts: RequestPortraitParts, drafts: Drafts): Promise<PortraitRecord> {
  const [{ shop, take, createdAtMs }] = drafts;
  const day = utcDay(createdAtMs);
  const { rung, by } = budgetStanding(await parts.budget.committed(shop, day, createdAtMs), parts.budgets);
  if (rung === "cached-only") throw budgetSpent(by, day);
  if (rung === "no-new-takes" && take > 1) throw noNewTakesToday(moneyAgainAtMs(by, day));
  const { painter } = choosePainter(parts.painters, rung !== "all");
  return drafts.find(({ model }) => model === painter.model) ?? drafts[0];
}

/** Somebody may have joined this record while it stood; they find it failed with the same sentence. */
async function refuse(parts: RequestPortraitParts, id: string, cause: unknown): Promise<void> {
  const { code, publicMessage: message } = asAppError(cause);
  const options = { nowMs: parts.clock.nowMs(), hidden: true };
  const refused = await parts.records.failOne(id, { code, message, retryable: true }, options);
  if (refused !== undefined) await giveBack(parts, refused);
}

/** The same picture may have been finished for somebody else, and given to this shopper too, while room was held for it. */
async function giveBackIfEnded(
  parts: RequestPortraitParts,
  shopper: Shopper,
  portrait: PortraitRecord,
): Promise<PortraitRecord> {
  const current = (await parts.records.find(shopper.shop, ownersOf(shopper), portrait.id)) ?? portrait;
  if (!isActive(current)) await giveBack(parts, current);
  return current;
}
