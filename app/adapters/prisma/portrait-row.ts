import type { Portrait, Prisma } from "@prisma/client";
import { isActive, type PortraitError, type PortraitRecord } from "#app/portraits/portrait-records.ts";

/** Between a row and a record. `activeKey` is the key while the portrait is being made: a unique index stands on it. */
export function toRow(portrait: PortraitRecord): Prisma.PortraitCreateInput {
  const { error, createdAtMs, startedAtMs, expiresAtMs, reserved, ...same } = portrait;
  return {
    ...same,
    ...(reserved === null ? {} : { reserved }),
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    errorRetryable: error?.retryable ?? null,
    activeKey: isActive(portrait) ? portrait.key : null,
    createdAt: new Date(createdAtMs),
    startedAt: startedAtMs === null ? null : new Date(startedAtMs),
    finishedAt: portrait.status === "ready" ? new Date(createdAtMs) : null,
    expiresAt: new Date(expiresAtMs),
  };
}

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
  };
}

function errorOf(row: Portrait): PortraitError | null {
  if (row.errorCode === null) return null;
  return { code: row.errorCode, message: row.errorMessage ?? "", retryable: row.errorRetryable ?? false };
}
