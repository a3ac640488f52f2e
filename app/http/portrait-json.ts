import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import type { PhotoRecord } from "#app/photos/photo-records.ts";
import type { ShopperQuota } from "#app/quota/shopper-quota.ts";
import type { PhotoJson, PortraitJson, QuotaJson } from "./storefront-api.ts";

/** From records to the contract's shapes. */
export function portraitJson(
  portrait: PortraitRecord,
  { pictures, estimateMs }: { pictures: PictureAddresses; estimateMs: number | null },
): PortraitJson {
  return {
    id: portrait.id,
    status: portrait.status,
    stage: portrait.stage,
    style: portrait.style,
    take: portrait.take,
    cached: portrait.cached,
    painter: portrait.painter,
    background_kept: portrait.backgroundKept,
    image: imageJson(portrait, pictures),
    estimate_ms: estimateMs,
    // Why an ordered one is not painted yet is for the merchant to know; to its shopper it is promised.
    error: portrait.status === "failed" ? portrait.error : null,
    created_at: new Date(portrait.createdAtMs).toISOString(),
    expires_at: new Date(portrait.expiresAtMs).toISOString(),
  };
}

/**
 * Where browsers find previews: at our own door by an unguessable token, or in a public bucket and its CDN by the object's
 * name, which ends in the portrait's key and is no easier to guess.
 */
export type PictureAddresses = { appUrl: string; previewsUrl: string | null };

function imageJson(portrait: PortraitRecord, { appUrl, previewsUrl }: PictureAddresses): PortraitJson["image"] {
  const { imageToken, objectName, width, height, contentType } = portrait;
  if (imageToken === null || objectName === null || width === null || height === null || contentType === null)
    return null;
  const url = previewsUrl === null ? `${appUrl}/images/${imageToken}` : `${previewsUrl}/${objectName}`;
  return { url, width, height, content_type: contentType };
}

export function photoJson({ id, sha256, width, height, notices }: PhotoRecord): PhotoJson {
  return { id, sha256, width, height, notices };
}

export function quotaJson(quota: ShopperQuota | null): QuotaJson | null {
  if (quota === null) return null;
  return {
    limit: quota.limit,
    used: quota.used,
    remaining: quota.remaining,
    level: quota.level,
    resets_at: new Date(quota.resetsAtMs).toISOString(),
    blocked_by: quota.blockedBy,
    retry_at: quota.retryAtMs === null ? null : new Date(quota.retryAtMs).toISOString(),
  };
}
