import type { Gallery, GalleryEntry } from "#app/gallery/gallery.ts";
import { portraitKey } from "#app/gallery/portrait-key.ts";
import { nextUtcMidnightMs, utcDay, type Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { MicroUsd } from "#app/kernel/money.ts";
import { lifetimeMs, ownerOf, ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import type { BudgetStore, BudgetTicket } from "#app/ledger/budget-store.ts";
import type { PriceTable } from "#app/ledger/price-table.ts";
import type { PhotoRecords } from "#app/photos/photo-records.ts";
import { quotaExhausted } from "#app/quota/errors.ts";
import type { QuotaStore, QuotaTicket } from "#app/quota/quota-store.ts";
import { shopperQuota } from "#app/quota/shopper-quota.ts";
import { quotaClaims, type QuotaLimits } from "#app/quota/tiers.ts";
import { findStyle } from "#app/styles/catalogue.ts";
import type { Style } from "#app/styles/style.ts";
import { asAppError } from "#app/kernel/errors.ts";
import { photoNeeded, styleUnknown } from "./errors.ts";
import { giveBack } from "./give-back.ts";
import type { PaintingQueue } from "./painting-queue.ts";
import {
  isActive,
  type Crop,
  type PortraitPhoto,
  type PortraitRecord,
  type PortraitRecords,
} from "./portrait-records.ts";
import { reserve } from "./reserve.ts";
import type { ShopSecrets } from "./shop-secrets.ts";

/**
 * A shopper asks for a portrait. What is in the gallery is given at once and costs nothing; what is being made is waited
 * for; only what is new is reserved, in quota and in money, and put into the queue. A `pending` portrait is a promise for
 * the merchant to keep after the order: it needs no quota and no budget, and so never blocks a sale.
 */
export type PortraitWish = {
  photos: ({ photoId: string; crop: Crop | null } | { sourceSha256: string; crop: Crop | null })[];
  style: string;
  take: number;
  pending: boolean;
};

export type PortraitGiven = { portrait: PortraitRecord; outcome: "ready" | "accepted" | "pending" };

export type RequestPortraitParts = {
  records: PortraitRecords;
  photos: PhotoRecords;
  gallery: Gallery;
  quota: QuotaStore;
  budget: BudgetStore;
  prices: PriceTable;
  queue: PaintingQueue;
  secrets: ShopSecrets;
  clock: Clock;
  ids: Ids;
  limits: QuotaLimits;
  dailyBudgetMicroUsd: MicroUsd;
  leaseMs: number;
  painter: { kind: PortraitRecord["painter"]; model: string };
  cutoutVariant: string;
  size: { width: number; height: number };
  onCacheHit(shopper: Shopper, portrait: PortraitRecord): Promise<void>;
};

/** @throws AppError `photo_needed`, `style_unknown`, `quota_*` or `budget_spent`; nothing is reserved then */
export async function requestPortrait(
  parts: RequestPortraitParts,
  shopper: Shopper,
  wish: PortraitWish,
): Promise<PortraitGiven> {
  const style = findStyle(wish.style);
  if (style === undefined) throw styleUnknown();
  const photos = await ownPhotos(parts, shopper, wish);
  const key = await keyOf(parts, shopper.shop, { photos, style, take: wish.take });
  const draft = draftPortrait(parts, shopper, { photos, style, take: wish.take, key });

  const kept = await parts.gallery.find(shopper.shop, key);
  if (kept !== undefined) return fromGallery(parts, shopper, draft, kept);
  if (wish.pending) {
    const portrait: PortraitRecord = { ...draft, status: "pending", stage: null };
    await parts.records.insertSettled(portrait);
    return { portrait, outcome: "pending" };
  }
  return accept(parts, shopper, draft);
}

async function ownPhotos(parts: RequestPortraitParts, shopper: Shopper, wish: PortraitWish): Promise<PortraitPhoto[]> {
  const owners = ownersOf(shopper);
  const chosen: PortraitPhoto[] = [];
  for (const choice of wish.photos) {
    const photo =
      "photoId" in choice
        ? await parts.photos.findById(shopper.shop, owners, choice.photoId)
        : await parts.photos.findBySource(shopper.shop, owners, choice.sourceSha256);
    if (photo === undefined) throw photoNeeded();
    await parts.photos.keepUntil(photo.id, parts.clock.nowMs() + lifetimeMs(shopper));
    chosen.push({ photoId: photo.id, objectName: photo.objectName, sha256: photo.sha256, crop: choice.crop });
  }
  return chosen;
}

type Ingredients = { photos: PortraitPhoto[]; style: Style; take: number };

async function keyOf(parts: RequestPortraitParts, shop: string, { photos, style, take }: Ingredients): Promise<string> {
  return portraitKey(await parts.secrets.secretOf(shop), {
    photos,
    cutout: parts.cutoutVariant,
    style: style.id,
    styleRevision: style.revision,
    painter: parts.painter.kind,
    model: parts.painter.model,
    ...parts.size,
    take,
  });
}

function draftPortrait(
  parts: RequestPortraitParts,
  shopper: Shopper,
  of: Ingredients & { key: string },
): PortraitRecord {
  const nowMs = parts.clock.nowMs();
  return {
    id: parts.ids.next("por"),
    shop: shopper.shop,
    shopper: ownerOf(shopper),
    session: shopper.session,
    key: of.key,
    photos: of.photos,
    style: of.style.id,
    styleRevision: of.style.revision,
    take: of.take,
    painter: parts.painter.kind,
    model: parts.painter.model,
    status: "queued",
    stage: "waiting",
    cached: false,
    backgroundKept: false,
    imageToken: null,
    objectName: null,
    width: null,
    height: null,
    contentType: null,
    error: null,
    reserved: null,
    createdAtMs: nowMs,
    startedAtMs: null,
    expiresAtMs: nowMs + lifetimeMs(shopper),
  };
}

async function fromGallery(
  parts: RequestPortraitParts,
  shopper: Shopper,
  draft: PortraitRecord,
  kept: GalleryEntry,
): Promise<PortraitGiven> {
  const before = await parts.records.findReady(shopper.shop, ownersOf(shopper), draft.key);
  const portrait: PortraitRecord = before ?? {
    ...draft,
    status: "ready",
    stage: null,
    backgroundKept: kept.backgroundKept,
    imageToken: parts.ids.next("img"),
    objectName: kept.objectName,
    width: kept.width,
    height: kept.height,
    contentType: kept.contentType,
    cached: true,
  };
  if (before === undefined) await parts.records.insertSettled(portrait);
  await parts.onCacheHit(shopper, portrait);
  return { portrait: { ...portrait, cached: true }, outcome: "ready" };
}

/**
 * The record comes first, so that the same wish made twice at once is one record and is charged once; and it says what is
 * to be reserved before anything is, so that whoever finds it after a crash knows what there is to give back.
 */
async function accept(parts: RequestPortraitParts, shopper: Shopper, draft: PortraitRecord): Promise<PortraitGiven> {
  const joined = await parts.records.findActive(shopper.shop, ownersOf(shopper), draft.key);
  if (joined !== undefined) return { portrait: joined, outcome: "accepted" };
  const tickets = ticketsFor(parts, shopper, draft);
  await refuseIfPlainlyExhausted(parts, tickets.quota);

  const { portrait, inserted } = await parts.records.insertActive({ ...draft, reserved: tickets });
  if (!inserted) return { portrait, outcome: "accepted" };
  try {
    await reserve(parts, tickets);
  } catch (error) {
    await refuse(parts, portrait.id, error);
    throw error;
  }
  await parts.queue.enqueue({ shop: portrait.shop, key: portrait.key });
  return { portrait: await giveBackIfEnded(parts, shopper, portrait), outcome: "accepted" };
}

type Tickets = { quota: QuotaTicket; budget: BudgetTicket };

function ticketsFor(
  parts: RequestPortraitParts,
  shopper: Shopper,
  { id, shop, model, createdAtMs }: PortraitRecord,
): Tickets {
  return {
    quota: { shop, requestId: id, claims: quotaClaims(shopper, parts.limits, createdAtMs) },
    budget: { shop, requestId: id, day: utcDay(createdAtMs), microUsd: parts.prices.priceOf(model).highestMicroUsd },
  };
}

/** A crowd at a closed door costs one read each, not a record. What passes here is still decided by `reserve`. */
async function refuseIfPlainlyExhausted(parts: RequestPortraitParts, { shop, claims }: QuotaTicket): Promise<void> {
  const usage = await parts.quota.usage(shop, claims, { nowMs: parts.clock.nowMs() });
  const { blockedBy, retryAtMs } = shopperQuota(claims, usage);
  if (blockedBy !== null) throw quotaExhausted(blockedBy, retryAtMs ?? nextUtcMidnightMs(parts.clock.nowMs()));
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
