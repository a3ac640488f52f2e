import type { Config } from "#app/config.server.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import type { House } from "#app/house.ts";
import { isAppError } from "#app/kernel/errors.ts";
import { ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import type { AdmittedUploads } from "#app/photos/admitted-uploads.ts";
import { createDirectPhotos, type DirectPhotos } from "#app/photos/direct-photos.ts";
import type { DirectUploads } from "#app/photos/direct-uploads.ts";
import { directPhotoLimits, proxyPhotoLimits } from "#app/photos/limits.ts";
import type { PhotoReader } from "#app/photos/photo-reader.ts";
import { takePhoto, type TakePhotoParts } from "#app/photos/take-photo.ts";
import { cancelPortrait, type CancelPortraitParts } from "#app/portraits/cancel-portrait.ts";
import { createEstimator } from "#app/portraits/estimate.ts";
import type { MakePortrait } from "#app/portraits/make-portrait.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import { requestPortrait, type RequestPortraitParts } from "#app/portraits/request-portrait.ts";
import { watchPortrait, type PortraitNews } from "#app/portraits/watch-portrait.ts";
import { shopperQuota } from "#app/quota/shopper-quota.ts";
import { quotaClaims } from "#app/quota/tiers.ts";
import type { StorefrontEvents } from "#app/telemetry/storefront-events.ts";
import { portraitSize } from "./portrait-size.ts";

export type StorefrontParts = Omit<RequestPortraitParts, FromConfig> &
  Omit<CancelPortraitParts, "makePortrait"> &
  Pick<TakePhotoParts, "clock" | "ids"> & {
    config: Config;
    news: PortraitNews;
    objects: ObjectStore;
    photoReader: PhotoReader;
    remover: BackgroundRemover;
    directUploads: DirectUploads | null;
    admitted: AdmittedUploads;
    events: StorefrontEvents;
  };
type FromConfig = "limits" | "mostWaiting" | "budgets" | "cutoutVariant" | "size" | "photoBytes" | "onCacheHit";

/** What the storefront's doors can do, as functions of a shopper. */
export function storefrontStories(
  parts: StorefrontParts,
  makePortrait: MakePortrait,
): Pick<House, "photos" | "portraits" | "quota"> {
  const { config, clock, records, news, gallery, quota } = parts;
  const estimator = createEstimator({ records, clock });
  return {
    photos: {
      limits: proxyPhotoLimits,
      take: (shopper, upload, given) => takePhoto(intakeFrom(parts), shopper, upload, given),
      direct: directPhotos(parts),
    },
    portraits: {
      request: (shopper, wish) => requestPortrait(wishesFrom(parts), shopper, wish),
      watch: (shopper, watched) => watchPortrait({ records, news }, shopper, watched),
      list: (shopper) => records.list(shopper.shop, ownersOf(shopper), 50),
      cancel: (shopper, id) => cancelPortrait({ ...parts, makePortrait }, shopper, id),
      estimateMs: estimator.remainingMs,
      async image(token) {
        const portrait = await records.findByImageToken(token);
        return portrait?.objectName ? gallery.read(portrait.objectName) : undefined;
      },
    },
    async quota(shopper) {
      const nowMs = clock.nowMs();
      const claims = quotaClaims(shopper, config.quota, nowMs);
      const usage = await quota.usage(shopper.shop, claims, { nowMs }).catch(nothingWhileSilent);
      return usage === null ? null : shopperQuota(claims, usage);
    },
  };
}

function wishesFrom(parts: StorefrontParts): RequestPortraitParts {
  const { config } = parts;
  return {
    ...parts,
    limits: config.quota,
    mostWaiting: config.painter.mostWaiting,
    budgets: config.budgets,
    cutoutVariant: parts.remover.variant,
    size: portraitSize(config),
    photoBytes: parts.objects,
    onCacheHit: (shopper: Shopper, portrait: PortraitRecord) =>
      parts.events.record({
        shop: shopper.shop,
        shopper: portrait.shopper,
        name: "cache_hit",
        portraitId: portrait.id,
      }),
  };
}

function directPhotos(parts: StorefrontParts): DirectPhotos | undefined {
  const { directUploads: uploads, admitted } = parts;
  if (uploads === null) return undefined;
  return createDirectPhotos({ ...intakeFrom(parts), limits: directPhotoLimits, uploads, admitted });
}

function intakeFrom(parts: StorefrontParts): TakePhotoParts {
  return {
    ...parts,
    reader: parts.photoReader,
    records: parts.photos,
    bytes: parts.objects,
    limits: proxyPhotoLimits,
  };
}

function nothingWhileSilent(error: unknown): null {
  if (isAppError(error) && error.kind === "unavailable") return null;
  throw error;
}
