import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import { lifetimeMs, ownerOf, type Shopper } from "#app/kernel/shopper.ts";
import {
  photoBroken,
  photoEmpty,
  photoForgotten,
  photoHeic,
  photoShape,
  photoTooDemanding,
  photoTooManyPixels,
  photoTooSmall,
  photoType,
} from "./errors.ts";
import { fileType } from "./file-type.ts";
import type { PhotoLimits } from "./limits.ts";
import type { NormalisedPhoto, PhotoProbe, PhotoReader } from "./photo-reader.ts";
import { keepPhoto } from "./keep-photo.ts";
import type { PhotoBytes } from "./photo-bytes.ts";
import type { PhotoRecord, PhotoRecords } from "./photo-records.ts";
import type { SpooledUpload } from "./upload-spool.ts";

/**
 * The intake of a photo. What is kept is our own copy: upright, sRGB, at most 4096 pixels long, with nothing of the
 * camera or the place in it. The upload itself is thrown away, so a file that hides something else in itself ends here.
 */
export type TakePhotoParts = {
  reader: PhotoReader;
  records: PhotoRecords;
  bytes: PhotoBytes;
  clock: Clock;
  ids: Ids;
  limits: PhotoLimits;
};

export type TakenPhoto = { photo: PhotoRecord; isNew: boolean };

/**
 * @param sourceSha256 - of the file that the shopper picked, where their browser says so; means something to them alone
 * @param id - of the photo where it has one already; a new one where it is not given
 * @throws AppError `photo_type`, `photo_broken`, `photo_too_large`, `photo_too_small` or `photo_shape`
 */
export async function takePhoto(
  parts: TakePhotoParts,
  shopper: Shopper,
  upload: SpooledUpload,
  { sourceSha256, id = parts.ids.next("pht") }: { sourceSha256: string | null; id?: string },
): Promise<TakenPhoto> {
  const taken = (await findAgain(parts, shopper, upload)) ?? (await keep(parts, shopper, { upload, id }));
  if (sourceSha256 !== null) await parts.records.addAlias(taken.photo, sourceSha256);
  return taken;
}

async function findAgain(
  parts: TakePhotoParts,
  shopper: Shopper,
  upload: SpooledUpload,
): Promise<TakenPhoto | undefined> {
  const photo = await parts.records.findBySha256(shopper.shop, [ownerOf(shopper)], upload.sha256);
  // A crash can leave a record without its object; the upload at hand mends it.
  if (photo === undefined || (await parts.bytes.stat(photo.objectName)) === undefined) return undefined;
  const { records: photos, bytes: photoBytes } = parts;
  await keepPhoto({ photos, photoBytes }, photo, parts.clock.nowMs() + lifetimeMs(shopper));
  return { photo, isNew: false };
}

async function keep(
  parts: TakePhotoParts,
  shopper: Shopper,
  { upload, id }: { upload: SpooledUpload; id: string },
): Promise<TakenPhoto> {
  refuseByContent(upload);
  const probe = await parts.reader.probe(upload.path);
  refuseByHeader(probe, parts.limits);
  const normalised = await parts.reader.normalise(upload.path, { longestSide: parts.limits.maxSide });
  if (normalised === "broken") throw photoBroken();
  try {
    return await store(parts, shopper, { upload, id, normalised, notices: noticesOf(probe, parts.limits) });
  } finally {
    normalised.release();
  }
}

type Wanted = {
  upload: SpooledUpload;
  id: string;
  normalised: NormalisedPhoto;
  notices: PhotoRecord["notices"];
};

async function store(
  parts: TakePhotoParts,
  shopper: Shopper,
  { upload, id, normalised, notices }: Wanted,
): Promise<TakenPhoto> {
  const nowMs = parts.clock.nowMs();
  const objectName = `shops/${shopper.shop}/photos/${id}`;
  const { photo, inserted } = await parts.records.insert({
    id,
    shop: shopper.shop,
    shopper: ownerOf(shopper),
    sha256: upload.sha256,
    objectName,
    width: normalised.width,
    height: normalised.height,
    bytes: normalised.bytes.length,
    notices,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + lifetimeMs(shopper),
  });
  // The record names the object before it is there, so that a crash in between leaves nothing that no record names. The
  // name is the record's: of two uploads of the same bytes at once, both write the one object.
  await parts.bytes.create(photo.objectName, normalised.bytes, {
    contentType: "image/jpeg",
    attributes: { width: String(normalised.width), height: String(normalised.height) },
    keepUntilMs: photo.expiresAtMs,
  });
  // Who asked to be forgotten while their photo was on its way has no record any more; the bytes follow it.
  if ((await parts.records.findById(shopper.shop, [ownerOf(shopper)], photo.id)) === undefined) {
    await parts.bytes.delete(photo.objectName);
    throw photoForgotten();
  }
  return { photo, isNew: inserted };
}

function refuseByContent(upload: SpooledUpload): void {
  if (upload.bytes === 0) throw photoEmpty();
  const type = fileType(upload.head);
  if (type === "heic") throw photoHeic();
  if (type === "other") throw photoType();
}

function refuseByHeader(
  probe: PhotoProbe,
  limits: PhotoLimits,
): asserts probe is Extract<PhotoProbe, { kind: "photo" }> {
  if (probe.kind === "hevc") throw photoHeic();
  if (probe.kind === "too-many-pixels") throw photoTooManyPixels();
  if (probe.kind === "too-demanding") throw photoTooDemanding();
  // The first bytes say that it is one of ours, and no decoder agrees.
  if (probe.kind === "unknown") throw photoBroken();
  const [shorter, longer] = [Math.min(probe.width, probe.height), Math.max(probe.width, probe.height)];
  if (longer > shorter * limits.maxRatio) throw photoShape();
  if (shorter < limits.minSide) throw photoTooSmall(limits.minSide);
}

function noticesOf(probe: Extract<PhotoProbe, { kind: "photo" }>, limits: PhotoLimits): PhotoRecord["notices"] {
  const notices: PhotoRecord["notices"] = [];
  if (Math.max(probe.width, probe.height) > limits.maxSide) {
    notices.push({
      code: "shrunk",
      message: `The photo was made smaller: its longest side is now ${limits.maxSide} pixels.`,
    });
  }
  if (probe.pages > 1)
    notices.push({ code: "first_frame", message: "This is a moving picture; we use its first frame." });
  return notices;
}
