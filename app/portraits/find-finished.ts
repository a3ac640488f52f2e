import type { Gallery } from "#app/gallery/gallery.ts";
import { portraitObjectName } from "#app/gallery/portrait-key.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { type AppError, isAppError } from "#app/kernel/errors.ts";
import type { Ids } from "#app/kernel/ids.ts";
import { ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import { pictureOf, type GivenPicture, type PortraitRecord, type PortraitRecords } from "./portrait-records.ts";

/**
 * What a wish finds finished: what this shopper was given before, or what was painted for another one of the shop under
 * the same key. Storage says whether a picture is still there. While it does not answer, the records are believed: they
 * name what was given, and nothing is deleted that a record names.
 */
export type FindFinishedParts = { records: PortraitRecords; gallery: Gallery; clock: Clock; ids: Ids };

export type Finished = {
  portrait: PortraitRecord | undefined;
  /** Storage's, where nothing was found and there may yet be something: nobody knows that it must be painted. */
  trouble?: AppError;
};

export async function findFinished(
  parts: FindFinishedParts,
  shopper: Shopper,
  drafts: readonly PortraitRecord[],
): Promise<Finished> {
  let trouble: AppError | undefined;
  for (const draft of drafts) {
    const own = await ownAgain(parts, shopper, draft);
    if (own !== undefined) return { portrait: own };
    const picture = await findPicture(parts, draft).catch(asUnavailable);
    if (isAppError(picture)) trouble = picture;
    else if (picture !== undefined) return { portrait: await give(parts, draft, picture) };
  }
  return { portrait: undefined, ...(trouble === undefined ? {} : { trouble }) };
}

/**
 * What a shopper was given they are given again. Where another remover stood in, it does not lie under the wished key, and
 * nobody else is shown it.
 */
async function ownAgain(
  { records, gallery }: FindFinishedParts,
  shopper: Shopper,
  { key }: PortraitRecord,
): Promise<PortraitRecord | undefined> {
  const own = await records.findReady(shopper.shop, ownersOf(shopper), key);
  if (!own?.objectName) return undefined;
  const isThere = await gallery.has(own.objectName).catch(asUnavailable);
  return isThere === false ? undefined : own;
}

/**
 * Storage is told of the new owner before there is a record, or its own rules might take the picture first. Where it
 * cannot be told, the new owner has the picture for as long as those before.
 *
 * @throws AppError of storage, where the records do not know the picture either
 */
async function findPicture(
  { records, gallery, clock }: FindFinishedParts,
  { shop, key, expiresAtMs }: PortraitRecord,
): Promise<GivenPicture | undefined> {
  try {
    const kept = await gallery.find(shop, key);
    if (kept === undefined) return undefined;
    await gallery.keepUntil(kept.objectName, expiresAtMs);
    return { ...pictureOf(kept), expiresAtMs };
  } catch (error) {
    asUnavailable(error);
    const given = await records.findGiven(shop, portraitObjectName(shop, key));
    if (given === undefined || given.expiresAtMs <= clock.nowMs()) throw error;
    return { ...given, expiresAtMs: Math.min(given.expiresAtMs, expiresAtMs) };
  }
}

async function give(
  { records, ids }: FindFinishedParts,
  draft: PortraitRecord,
  picture: GivenPicture,
): Promise<PortraitRecord> {
  const portrait: PortraitRecord = {
    ...draft,
    ...picture,
    status: "ready",
    stage: null,
    imageToken: ids.next("img"),
    cached: true,
  };
  await records.insertSettled(portrait);
  return portrait;
}

/** @throws whatever is not plain unavailability */
function asUnavailable(error: unknown): AppError {
  if (isAppError(error) && error.kind === "unavailable") return error;
  throw error;
}
