import { isAppError } from "#app/kernel/errors.ts";
import type { PhotoBytes } from "./photo-bytes.ts";
import type { PhotoRecord, PhotoRecords } from "./photo-records.ts";

/** A photo is dated anew when it gains at least this much, milliseconds: storage has better things to do than to be told at each use. */
const worthTellingMs = 24 * 60 * 60 * 1000;

/**
 * Puts off the end of a photo that is used again: in the records always, in storage where it matters. Storage is told
 * first: a record must not promise what storage's own rules would take. While it does not answer, the photo keeps its day,
 * and the next use puts it off; nobody is kept from a portrait that is finished.
 */
export async function keepPhoto(
  { photos, photoBytes }: { photos: PhotoRecords; photoBytes: Pick<PhotoBytes, "keepUntil"> },
  photo: PhotoRecord,
  untilMs: number,
): Promise<void> {
  try {
    if (untilMs - photo.expiresAtMs >= worthTellingMs) await photoBytes.keepUntil(photo.objectName, untilMs);
  } catch (error) {
    if (isAppError(error) && error.kind === "unavailable") return;
    throw error;
  }
  await photos.keepUntil(photo.id, untilMs);
}
