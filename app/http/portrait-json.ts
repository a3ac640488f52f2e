import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import type { PhotoRecord } from "#app/photos/photo-records.ts";
import type { ShopperQuota } from "#app/quota/shopper-quota.ts";
import type { PhotoJson, PortraitJson, QuotaJson } from "./storefront-api.ts";

/** From records to the contract's shapes. */
export function portraitJson(
  portrait: PortraitRecord,
  { appUrl, estimateMs }: { appUrl: string; estimateMs: number | null },
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
    image: imageJson(portrait, appUrl),
    estimate_ms: estimateMs,
    error: portrait.error,
    created_at: new Date(portrait.createdAtMs).toISOString(),
    expires_at: new Date(portrait.expiresAtMs).toISOString(),
  };
}

function imageJson(portrait: PortraitRecord, appUrl: string): PortraitJson["image"] {
  const { imageToken, width, height, contentType } = portrait;
  if (imageToken === null || width === null || height === null || contentType === null) return null;
  return { url: `${appUrl}/images/${imageToken}`, width, height, content_type: contentType };
}

export function photoJson({ id, sha256, width, height, notices }: PhotoRecord): PhotoJson {
  return { id, sha256, width, height, notices };
}

export function quotaJson(quota: ShopperQuota): QuotaJson {
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
