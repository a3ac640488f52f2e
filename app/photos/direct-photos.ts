import { createHash } from "node:crypto";
import { isAppError } from "#app/kernel/errors.ts";
import { ownerOf, ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import type { AdmittedUploads } from "./admitted-uploads.ts";
import type { ArrivedUpload, DirectUploads, OfferedUpload, UploadPlace } from "./direct-uploads.ts";
import { photoEmpty, photoHeic, photoTooLarge, photoType, uploadMissing } from "./errors.ts";
import type { PhotoLimits } from "./limits.ts";
import type { PhotoRecord } from "./photo-records.ts";
import { takePhoto, type TakenPhoto, type TakePhotoParts } from "./take-photo.ts";
import type { SpooledUpload } from "./upload-spool.ts";

/**
 * Photos that come by way of storage: first a place is offered, then the browser fills it, then it says so and the photo
 * goes through the same intake as any other. The photo has its id from the start, so that the end can be said twice.
 */
export type DirectPhotos = {
  limits: PhotoLimits;
  /** @throws AppError `photo_too_large`, `photo_broken` or `photo_type` for what would be refused anyway */
  offer(
    shopper: Shopper,
    file: { bytes: number; contentType: string },
  ): Promise<{ photoId: string; upload: OfferedUpload }>;
  /**
   * @returns the photo; the same again where it was received before
   * @throws AppError `upload_missing` when nothing of this shopper's came under that id in time, and what the intake throws
   */
  receive(shopper: Shopper, photoId: string, given: { sourceSha256: string | null }): Promise<TakenPhoto>;
};

export type DirectPhotosParts = TakePhotoParts & { admitted: AdmittedUploads; uploads: DirectUploads };

export function createDirectPhotos(parts: DirectPhotosParts): DirectPhotos {
  const { limits, uploads, ids } = parts;
  return Object.freeze({
    limits,
    async offer(shopper, file) {
      refuseAhead(file, limits);
      const place = { shop: shopper.shop, owner: ownerOf(shopper), photoId: ids.next("pht") };
      return { photoId: place.photoId, upload: await uploads.offer(place, file) };
    },
    async receive(shopper, photoId, given) {
      const before = await findReceived(parts, shopper, photoId);
      if (before !== undefined) return known(parts, before, given);
      try {
        return await receive(parts, shopper, { photoId, ...given });
      } catch (error) {
        // The same may have been said twice at once, and the other one has taken the upload away under our hands.
        const meanwhile = await findReceived(parts, shopper, photoId);
        if (meanwhile === undefined) throw error;
        return known(parts, meanwhile, given);
      }
    },
  } satisfies DirectPhotos);
}

/** The type is only what the browser says; the content decides later. Here it saves sending fifty megabytes in vain. */
function refuseAhead({ bytes, contentType }: { bytes: number; contentType: string }, limits: PhotoLimits): void {
  if (bytes === 0) throw photoEmpty();
  if (bytes > limits.maxBytes) throw photoTooLarge(limits.maxBytes);
  if (/^image\/hei[cf]/.test(contentType)) throw photoHeic();
  if (!limits.accept.includes(contentType)) throw photoType();
}

async function known(
  { records }: DirectPhotosParts,
  photo: PhotoRecord,
  { sourceSha256 }: { sourceSha256: string | null },
): Promise<TakenPhoto> {
  if (sourceSha256 !== null) await records.addAlias(photo, sourceSha256);
  return { photo, isNew: false };
}

/** A photo that this shopper had given before kept its first id; the id of the upload is then another name of it. */
async function findReceived(
  parts: DirectPhotosParts,
  shopper: Shopper,
  photoId: string,
): Promise<PhotoRecord | undefined> {
  const owners = ownersOf(shopper);
  const photo =
    (await parts.records.findById(shopper.shop, owners, photoId)) ??
    (await parts.records.findBySource(shopper.shop, owners, nameOfUpload(photoId)));
  // Without its bytes it was received half: a crash came in between, and the upload is still there to mend it.
  return photo !== undefined && (await parts.bytes.stat(photo.objectName)) !== undefined ? photo : undefined;
}

async function receive(
  parts: DirectPhotosParts,
  shopper: Shopper,
  { photoId, sourceSha256 }: { photoId: string; sourceSha256: string | null },
): Promise<TakenPhoto> {
  const { place, arrived } = await findUpload(parts, shopper, photoId);
  try {
    const upload = await spool(parts, shopper, arrived);
    try {
      const taken = await takePhoto(parts, shopper, upload, { sourceSha256, id: photoId });
      if (taken.photo.id !== photoId) await parts.records.addAlias(taken.photo, nameOfUpload(photoId));
      await discard(parts, place);
      return taken;
    } finally {
      await upload.discard();
    }
  } catch (error) {
    // What is refused stays refused. After any other trouble the bytes are wanted once more.
    if (isAppError(error) && error.kind !== "unavailable" && error.kind !== "bug") await discard(parts, place);
    throw error;
  }
}

/** Storage has begun to send by the time it is known whether there is room for it. */
async function spool(
  { admitted, limits: { maxBytes } }: DirectPhotosParts,
  shopper: Shopper,
  { body, bytes: declaredBytes }: ArrivedUpload,
): Promise<SpooledUpload> {
  try {
    return await admitted.receive(body, { shopper, declaredBytes, maxBytes, from: "storage" });
  } catch (error) {
    await body.cancel().catch(() => undefined);
    throw error;
  }
}

/** Who logged in while the photo was on its way finds it where they put it as a guest. */
async function findUpload(
  { uploads }: DirectPhotosParts,
  shopper: Shopper,
  photoId: string,
): Promise<{ place: UploadPlace; arrived: ArrivedUpload }> {
  for (const owner of ownersOf(shopper)) {
    const place = { shop: shopper.shop, owner, photoId };
    const arrived = await uploads.take(place);
    if (arrived !== undefined) return { place, arrived };
  }
  throw uploadMissing();
}

/** A file that does not go now goes with the next sweep; the photo is received all the same. */
const discard = ({ uploads }: DirectPhotosParts, place: UploadPlace): Promise<void> =>
  uploads.discard(place).catch(() => undefined);

const nameOfUpload = (photoId: string): string => createHash("sha256").update(`upload\n${photoId}`).digest("hex");
