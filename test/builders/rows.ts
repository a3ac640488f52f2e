import type { Prisma } from "@prisma/client";

/** Rows as the records hold them: valid by themselves, so that a test names only what it is about. */
let last = 0;
const id = (kind: string): string => `${kind}_${String((last += 1)).padStart(22, "0")}`;

const noon = new Date("2026-11-24T12:00:00.000Z");
const nextWeek = new Date("2026-12-01T12:00:00.000Z");

export function photoRow(shop: string, shopper: string, given: Partial<Prisma.PhotoCreateManyInput> = {}) {
  const name = id("pht");
  const lies = { objectName: `shops/${shop}/photos/${name}`, width: 800, height: 1000, bytes: 1234 };
  const row = { id: name, shop, shopper, sha256: name.padEnd(64, "0"), notices: [], ...lies };
  return { ...row, createdAt: noon, expiresAt: nextWeek, ...given } satisfies Prisma.PhotoCreateManyInput;
}

export function aliasRow(photo: { id: string; shop: string; shopper: string }) {
  return { shop: photo.shop, shopper: photo.shopper, sourceSha256: photo.id.padEnd(64, "f"), photoId: photo.id };
}

export function portraitRow(shop: string, shopper: string, given: Partial<Prisma.PortraitCreateManyInput> = {}) {
  const name = id("por");
  const made = { key: name.padEnd(64, "0"), photos: [], style: "pen_and_marker", styleRevision: 1, take: 1 };
  const by = { painter: "preview", model: "preview-1", status: "ready", session: "s:ses_x" };
  const row = { id: name, shop, shopper, ...made, ...by, objectName: null, createdAt: noon, expiresAt: nextWeek };
  return { ...row, ...given } satisfies Prisma.PortraitCreateManyInput;
}

export function orderLineRow(portrait: { id: string; shop: string }, orderId = "5001") {
  const row = { shop: portrait.shop, orderId, lineId: id("line"), orderName: `#${orderId}`, portraitId: portrait.id };
  return { ...row, orderedAt: noon };
}

export function eventRow(shop: string, shopper: string, given: Partial<Prisma.StorefrontEventCreateManyInput> = {}) {
  return { id: id("evt"), shop, shopper, name: "portrait_shown", portraitId: null, at: noon, ...given };
}

export function answerRow(shop: string, shopper: string, given: Partial<Prisma.IdempotentAnswerCreateManyInput> = {}) {
  const row = { key: id("key"), fingerprint: "f", state: "answered", status: 200, body: {} };
  return { shop, shopper, ...row, createdAt: noon, expiresAt: nextWeek, ...given };
}

export function quotaRow(shop: string, subject: string, given: Partial<Prisma.QuotaEntryCreateManyInput> = {}) {
  const row = { tier: "day", window: "2026-11-24", requestId: id("por"), state: "done" };
  return { shop, subject, ...row, reservedAt: noon, leaseExpiresAt: noon, ...given };
}

export function attemptRow(shop: string, given: Partial<Prisma.AttemptCreateManyInput> = {}) {
  const by = { painter: "preview", model: "preview-1", outcome: "painted", priceTable: "t1", costMicroUsd: 0n };
  const row = { id: id("att"), shop, portraitKey: "k", style: "ink_wash", ...by };
  return { ...row, startedAt: noon, endedAt: noon, ...given };
}

export function sessionRow(shop: string) {
  return { id: `offline_${shop}`, shop, state: "", accessToken: "shpat_secret" };
}

export function budgetRow(shop: string) {
  return {
    shop,
    day: "2026-11-24",
    requestId: id("por"),
    state: "settled",
    reservedMicroUsd: 1n,
    leaseExpiresAt: noon,
  };
}

export const budgetDayRow = (shop: string) => ({ shop, day: "2026-11-24", settledMicroUsd: 1n });
