import type { Portrait, Prisma } from "@prisma/client";
import {
  isActive,
  type GivenPicture,
  type PortraitError,
  type PortraitRecord,
} from "#app/portraits/portrait-records.ts";

/** Between a row and a record. A unique index stands on `activeKey`. */
export function toRow(portrait: PortraitRecord): Prisma.PortraitCreateInput {
  const { error, createdAtMs, startedAtMs, expiresAtMs, orderedAtMs, reserved, ...same } = portrait;
  return {
    ...same,
    ...(reserved === null ? {} : { reserved }),
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    errorRetryable: error?.retryable ?? null,
    activeKey: activeKeyOf(portrait),
    createdAt: new Date(createdAtMs),
    startedAt: startedAtMs === null ? null : new Date(startedAtMs),
    finishedAt: portrait.status === "ready" ? new Date(createdAtMs) : null,
    expiresAt: new Date(expiresAtMs),
    orderedAt: orderedAtMs === null ? null : new Date(orderedAtMs),
  };
}

/** What a shopper has once at a time: a portrait of a key that is being made, and one that is promised. */
function activeKeyOf(portrait: PortraitRecord): string | null {
  if (isActive(portrait)) return portrait.key;
  return portrait.status === "pending" ? pendingKey(portrait.key) : null;
}

export const pendingKey = (key: string): string => `pending:${key}`;

export function fromRow(row: Portrait): PortraitRecord {
  return {
    id: row.id,
    shop: row.shop,
    shopper: row.shopper,
    session: row.session,
    key: row.key,
    photos: row.photos as PortraitRecord["photos"],
    style: row.style,
    styleRevision: row.styleRevision,
    take: row.take,
    painter: row.painter as PortraitRecord["painter"],
    model: row.model,
    status: row.status as PortraitRecord["status"],
    stage: row.stage as PortraitRecord["stage"],
    cached: row.cached,
    backgroundKept: row.backgroundKept,
    cutoutBy: row.cutoutBy,
    imageToken: row.imageToken,
    objectName: row.objectName,
    width: row.width,
    height: row.height,
    contentType: row.contentType,
    error: errorOf(row),
    reserved: row.reserved as PortraitRecord["reserved"],
    createdAtMs: row.createdAt.getTime(),
    startedAtMs: row.startedAt?.getTime() ?? null,
    expiresAtMs: row.expiresAt.getTime(),
    orderedAtMs: row.orderedAt?.getTime() ?? null,
    tries: row.tries,
  };
}

function errorOf(row: Portrait): PortraitError | null {
  if (row.errorCode === null) return null;
  return { code: row.errorCode, message: row.errorMessage ?? "", retryable: row.errorRetryable ?? false };
}

/** @returns undefined for a row without a picture */
export function givenPicture(row: Portrait): GivenPicture | undefined {
  const { objectName, width, height, contentType, backgroundKept, cutoutBy } = row;
  if (objectName === null || width === null || height === null || contentType === null) return undefined;
  const expiresAtMs = row.expiresAt.getTime();
  return { objectName, width, height, contentType, backgroundKept, cutoutBy: cutoutBy ?? "", expiresAtMs };
}
