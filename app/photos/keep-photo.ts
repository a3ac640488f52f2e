import type { PhotoBytes } from "./photo-bytes.ts";
import type { PhotoRecord, PhotoRecords } from "./photo-records.ts";

/** A photo is dated anew when it gains at least this much, milliseconds: storage has better things to do than to be told at each use. */
const worthTellingMs = 24 * 60 * 60 * 1000;

/** Puts off the end of a photo that is used again: in the records always, in storage where it matters. */
export async function keepPhoto(
  { photos, photoBytes }: { photos: PhotoRecords; photoBytes: Pick<PhotoBytes, "keepUntil"> },
  photo: PhotoRecord,
  untilMs: number,
): Promise<void> {
  await photos.keepUntil(photo.id, untilMs);
  if (untilMs - photo.expiresAtMs >= worthTellingMs) await photoBytes.keepUntil(photo.objectName, untilMs);
}
