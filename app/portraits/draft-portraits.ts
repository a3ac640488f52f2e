import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import { lifetimeMs, ownerOf, ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import type { GuardedPainter } from "#app/painters/choose-painter.ts";
import { keepPhoto } from "#app/photos/keep-photo.ts";
import type { PhotoBytes } from "#app/photos/photo-bytes.ts";
import type { PhotoRecords } from "#app/photos/photo-records.ts";
import type { Style } from "#app/styles/style.ts";
import { photoNeeded } from "./errors.ts";
import { keyOfPicture } from "./portrait-ingredients.ts";
import type { Crop, PortraitPhoto, PortraitRecord } from "./portrait-records.ts";
import type { ShopSecrets } from "./shop-secrets.ts";

/**
 * A wish before anything is decided: one draft for each painter of the house, with the key that its picture would have.
 * That is how a picture which another painter has made already is found.
 */
export type DraftParts = KeyParts & {
  photos: PhotoRecords;
  photoBytes: Pick<PhotoBytes, "keepUntil">;
};

/** What the keys of a wish are made with. */
export type KeyParts = {
  secrets: ShopSecrets;
  clock: Clock;
  ids: Ids;
  /** The usual painter first, cheaper ones after it. */
  painters: readonly GuardedPainter[];
  cutoutVariant: string;
  size: { width: number; height: number };
};

export type PhotoChoice = { photoId: string; crop: Crop | null } | { sourceSha256: string; crop: Crop | null };

/** In the order in which the painters are asked. */
export type Drafts = [PortraitRecord, ...PortraitRecord[]];

/**
 * The shopper's own photos, kept for as long as the portrait.
 *
 * @throws AppError `photo_needed` for a photo that is not theirs or no longer there
 */
export async function ownPhotos(
  parts: DraftParts,
  shopper: Shopper,
  choices: readonly PhotoChoice[],
): Promise<PortraitPhoto[]> {
  const owners = ownersOf(shopper);
  const chosen: PortraitPhoto[] = [];
  for (const choice of choices) {
    const photo =
      "photoId" in choice
        ? await parts.photos.findById(shopper.shop, owners, choice.photoId)
        : await parts.photos.findBySource(shopper.shop, owners, choice.sourceSha256);
    if (photo === undefined) throw photoNeeded();
    await keepPhoto(parts, photo, parts.clock.nowMs() + lifetimeMs(shopper));
    chosen.push({ photoId: photo.id, objectName: photo.objectName, sha256: photo.sha256, crop: choice.crop });
  }
  return chosen;
}

type Ingredients = { photos: PortraitPhoto[]; style: Style; take: number };

export async function draftPortraits(parts: KeyParts, shopper: Shopper, of: Ingredients): Promise<Drafts> {
  const secret = await parts.secrets.secretOf(shopper.shop);
  const look = { style: of.style.id, styleRevision: of.style.revision, take: of.take };
  const drafts = parts.painters.map(({ painter: { kind, model } }) => {
    const wish = { ...look, photos: of.photos, painter: kind, model };
    const key = keyOfPicture(secret, wish, { cutout: parts.cutoutVariant, size: parts.size });
    return draftPortrait(parts, shopper, { ...wish, key });
  });
  return drafts as Drafts;
}

type Wish = Pick<PortraitRecord, "photos" | "style" | "styleRevision" | "painter" | "model" | "take" | "key">;

function draftPortrait(parts: KeyParts, shopper: Shopper, wish: Wish): PortraitRecord {
  const nowMs = parts.clock.nowMs();
  return {
    ...wish,
    id: parts.ids.next("por"),
    shop: shopper.shop,
    shopper: ownerOf(shopper),
    session: shopper.session,
    status: "queued",
    stage: "waiting",
    cached: false,
    backgroundKept: false,
    cutoutBy: null,
    imageToken: null,
    objectName: null,
    width: null,
    height: null,
    contentType: null,
    error: null,
    reserved: null,
    createdAtMs: nowMs,
    startedAtMs: null,
    orderedAtMs: null,
    tries: 0,
    expiresAtMs: nowMs + lifetimeMs(shopper),
  };
}
