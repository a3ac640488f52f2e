import type { Gallery } from "#app/gallery/gallery.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { isAppError } from "#app/kernel/errors.ts";
import type { Log } from "#app/kernel/log.ts";
import type { PhotoBytes } from "#app/photos/photo-bytes.ts";
import type { PhotoRecords } from "#app/photos/photo-records.ts";
import type { OrderRecords, UnkeptLine } from "./order-records.ts";

/** What is ordered is kept from storage's own rules, the photos too: it may have to be painted or printed once more. */
export type KeepOrderedParts = {
  orders: Pick<OrderRecords, "unkept" | "kept">;
  photos: Pick<PhotoRecords, "keepUntil">;
  photoBytes: Pick<PhotoBytes, "keepUntil">;
  gallery: Pick<Gallery, "keepUntil">;
  clock: Clock;
  log: Log;
};

/** How long what is ordered is kept, milliseconds: a year, in which a print may be lost, broken or wanted again. */
export const orderedLifetimeMs = 365 * 24 * 60 * 60_000;

/** Lines looked at in one go. */
const atOnce = 100;

/** @throws AppError `unavailable` of storage; what it has not been told is told at the next turn */
export async function keepOrdered(parts: KeepOrderedParts): Promise<void> {
  for (const line of await parts.orders.unkept(atOnce)) {
    try {
      await keepPictures(parts, line);
      await parts.orders.kept(line, parts.clock.nowMs());
    } catch (error) {
      if (isAppError(error) && error.kind === "unavailable") throw error;
      // One picture's trouble is not another's; the line stays and is tried again.
      parts.log.warn("order.not_kept", { shop: line.shop, order: line.orderId, error });
    }
  }
}

/** Storage first: a record must not promise what storage's own rules would take. */
async function keepPictures(
  { photoBytes, photos, gallery }: KeepOrderedParts,
  { portrait }: UnkeptLine,
): Promise<void> {
  const untilMs = portrait.expiresAtMs;
  for (const { photoId, objectName } of portrait.photos) {
    await photoBytes.keepUntil(objectName, untilMs);
    await photos.keepUntil(photoId, untilMs);
  }
  if (portrait.objectName !== null) await gallery.keepUntil(portrait.objectName, untilMs);
}
