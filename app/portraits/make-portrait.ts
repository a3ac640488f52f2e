import type { BackgroundRemover, Cutout } from "#app/cutouts/background-remover.ts";
import type { Gallery, GalleryEntry } from "#app/gallery/gallery.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import { utcDay } from "#app/kernel/clock.ts";
import { asAppError, RecordsAway } from "#app/kernel/errors.ts";
import type { Log } from "#app/kernel/log.ts";
import { findPainter, type GuardedPainter } from "#app/painters/choose-painter.ts";
import { paintingTookTooLong } from "#app/painters/errors.ts";
import type { PhotoReader } from "#app/photos/photo-reader.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { findStyle } from "#app/styles/catalogue.ts";
import { chargeAndGive } from "./charge-and-give.ts";
import { nobodyWaits, painterGone, photoNeeded, styleUnknown } from "./errors.ts";
import { giveBackAll } from "./give-back.ts";
import { paintOnLedger, type LedgerParts, type PaintedOnLedger, type PaintedPicture } from "./paint-on-ledger.ts";
import type { PaintingJob } from "./painting-queue.ts";
import { keyOfPicture } from "./portrait-ingredients.ts";
import type { PortraitRecord, PortraitRecords } from "./portrait-records.ts";
import { reserve } from "./reserve.ts";
import type { ShopSecrets } from "./shop-secrets.ts";

/**
 * How a photo becomes a portrait. A job is taken for a key and for everybody who waits for it: cut the pet out, paint it,
 * keep the picture, charge one of them (charge-and-give.ts), tell them all. It may be run again after a crash at any point: what is
 * in the gallery is not painted twice, what is committed is not charged twice, and whatever goes wrong gives everything
 * back that was reserved.
 */
export type MakePortraitParts = LedgerParts & {
  records: PortraitRecords;
  objects: ObjectStore;
  photoReader: PhotoReader;
  remover: BackgroundRemover;
  painters: readonly GuardedPainter[];
  gallery: Gallery;
  secrets: ShopSecrets;
  quota: QuotaStore;
  log: Log;
  size: { width: number; height: number };
  /** For the whole making, milliseconds. */
  deadlineMs: number;
  /** Called whenever a portrait of the key has moved on. */
  onChange(shop: string, key: string): void;
};

export type MakePortrait = {
  make(job: PaintingJob, options?: { signal?: AbortSignal }): Promise<void>;
  /** Ends a making in this process that nobody waits for any more. */
  stop(job: PaintingJob): void;
  /** Fails everybody who waits for the key and gives back what they reserved. */
  giveUp(job: PaintingJob, error: unknown): Promise<void>;
};

/** What is bought is given up so often, and then for good: a photo may be what kills every process that touches it. */
const mostGivenUp = 2;

/** The longest side at which a photo is looked at for painting, pixels: more is not seen in a portrait of 1024 × 1280. */
const paintingSide = 1536;

export function createMakePortrait(parts: MakePortraitParts): MakePortrait {
  const running = new Map<string, AbortController>();

  return Object.freeze({
    async make(job: PaintingJob, { signal }: { signal?: AbortSignal } = {}) {
      const [first] = await parts.records.waitingFor(job.shop, job.key);
      if (first === undefined) return;
      const startedAtMs = parts.clock.nowMs();
      const stop = new AbortController();
      running.set(nameOf(job), stop);
      const deadline = AbortSignal.timeout(parts.deadlineMs);
      const over = AbortSignal.any([deadline, ...(signal ? [signal] : [])]);
      const either = AbortSignal.any([stop.signal, over]);
      const making: Making = { signal: either, over, startedAtMs, isKept: false };
      try {
        await makeFor(parts, first, making);
      } catch (error) {
        // A process that is going down hands the job back untouched; another one takes it up. And once the picture is
        // kept, what is left is to charge and to give it: books that do not answer are asked again, not given up.
        if (signal?.aborted === true || making.isKept || (await isKeptByNow(parts, first))) throw error;
        // That our own records were away for a moment says nothing against the portrait: the queue tries it again, and
        // gives it up where they stay away.
        if (error instanceof RecordsAway && !stop.signal.aborted) throw error;
        if (!stop.signal.aborted)
          await endInFailure(parts, first, deadline.aborted ? paintingTookTooLong(error) : error);
        // The first one too: they may have left by another instance's clock before it began, and money was held anew since.
        await giveBackAll(parts, [first, ...(await parts.records.cancelledSince(job.shop, job.key, startedAtMs))]);
      } finally {
        // Who was taken for dead may end beside who took over.
        if (running.get(nameOf(job)) === stop) running.delete(nameOf(job));
        parts.onChange(job.shop, job.key);
      }
    },
    stop: (job: PaintingJob) => running.get(nameOf(job))?.abort(),
    async giveUp(job: PaintingJob, error: unknown) {
      const waiting = await parts.records.waitingFor(job.shop, job.key);
      const isHopeless = waiting.some(({ tries }) => tries >= mostGivenUp);
      if (waiting[0] !== undefined) await endInFailure(parts, waiting[0], error, { isHopeless });
    },
  });
}

/**
 * A making that was taken for dead may have kept the picture, and charged it, since this one looked: then nobody fails,
 * and the next try gives it to them. Where the gallery does not say, a picture that was being painted may be there.
 */
async function isKeptByNow({ gallery }: MakePortraitParts, { shop, key, stage }: PortraitRecord): Promise<boolean> {
  try {
    return (await gallery.find(shop, key)) !== undefined;
  } catch {
    return stage === "painting" || stage === "saving";
  }
}

const nameOf = (job: PaintingJob): string => `${job.shop}/${job.key}`;

/** `signal` also when nobody waits any more; `over` only when time is up or the process goes down. */
type Making = { signal: AbortSignal; over: AbortSignal; startedAtMs: number; isKept: boolean };

async function makeFor(parts: MakePortraitParts, portrait: PortraitRecord, making: Making): Promise<void> {
  const { shop, key } = portrait;
  const kept = await parts.gallery.find(shop, key);
  if (kept !== undefined) await parts.gallery.publish(kept.objectName);
  const entry = kept ?? (await cutAndPaint(parts, portrait, making));
  making.isKept = true;
  await keepForAll(parts, entry, { portrait, keptUntilMs: kept ? 0 : portrait.expiresAtMs });
  // Whoever waits for a picture that is there asked before it was, while its making went on.
  const sinceMs = kept ? portrait.createdAtMs - parts.deadlineMs : making.startedAtMs;
  await chargeAndGive(parts, entry, { portrait, sinceMs });
}

/** Who waits with the first one may have the picture for longer: a customer, or who has bought it in the meantime. */
async function keepForAll(
  { records, gallery }: MakePortraitParts,
  { objectName }: GalleryEntry,
  { portrait: { shop, key }, keptUntilMs }: { portrait: PortraitRecord; keptUntilMs: number },
): Promise<void> {
  const waiting = await records.waitingFor(shop, key);
  const longestMs = Math.max(...waiting.map(({ expiresAtMs }) => expiresAtMs));
  if (longestMs > keptUntilMs) await gallery.keepUntil(objectName, longestMs);
}

/** @returns the picture that lies there now, whoever painted it */
async function cutAndPaint(parts: MakePortraitParts, portrait: PortraitRecord, making: Making): Promise<GalleryEntry> {
  const { signal } = making;
  const { shop, key } = portrait;
  if (portrait.reserved !== null) await reserve(parts, portrait.reserved);
  await enter(parts, portrait, "cutting_out");
  const cutouts: Cutout[] = [];
  for (const photo of portrait.photos) cutouts.push(await cutOut(parts, photo, signal));
  const cut = await whoCut(parts, portrait, cutouts);
  const twin = cut.key === key ? undefined : await parts.gallery.find(shop, cut.key);
  if (twin !== undefined) {
    await parts.gallery.publish(twin.objectName);
    await parts.gallery.keepUntil(twin.objectName, portrait.expiresAtMs);
    return twin;
  }

  await enter(parts, portrait, "painting");
  // A shopper can leave through another instance, which cannot stop this one.
  if ((await parts.records.waitingFor(shop, key)).length === 0) throw nobodyWaits();
  const { picture, settle } = await paint(parts, portrait, { cutouts, making });
  const backgroundKept = cutouts.some((cutout) => cutout.backgroundKept);
  return keepThenSettle(parts, portrait, {
    key: cut.key,
    picture: { ...picture, backgroundKept, cutoutBy: cut.by },
    settle,
    making,
  });
}

/**
 * The picture is paid for and in hand: it is kept before the books are written, which may be away. Where they stay away
 * the next try finds it, and the call that nobody closed is settled with the most that it can have cost.
 */
async function keepThenSettle(
  parts: MakePortraitParts,
  portrait: PortraitRecord,
  painted: {
    key: string;
    picture: PaintedPicture & { backgroundKept: boolean; cutoutBy: string };
    settle: PaintedOnLedger["settle"];
    making: Making;
  },
): Promise<GalleryEntry> {
  const { shop, painter, model, expiresAtMs: keepUntilMs } = portrait;
  const { image: bytes, ...facts } = painted.picture;
  // That it is being saved is for the shopper's eyes; nobody waits for it to be written down.
  const entered = enter(parts, portrait, "saving").catch((error: unknown) => error);
  try {
    const entry = await parts.gallery.keep(shop, painted.key, { bytes, ...facts, painter, model }, { keepUntilMs });
    painted.making.isKept = true;
    return entry;
  } finally {
    await entered;
    await painted.settle();
  }
}

/**
 * The wished key names the remover that was to cut. Where another one stood in, the picture is kept under the key of what
 * really shaped it: an outage of a minute must not be served for months as the work of the one that was down.
 */
async function whoCut(
  parts: MakePortraitParts,
  portrait: PortraitRecord,
  cutouts: readonly Cutout[],
): Promise<{ by: string; key: string }> {
  const by = [...new Set(cutouts.map((cutout) => cutout.by))].sort().join("+");
  if (by === parts.remover.variant) return { by, key: portrait.key };
  const secret = await parts.secrets.secretOf(portrait.shop);
  return { by, key: keyOfPicture(secret, portrait, { cutout: by, size: parts.size }) };
}

/**
 * A call that costs money is not hung up on because its shopper leaves: it may be billed all the same, and then there
 * would be a bill, no picture and no unit charged, again and again for who does it in a loop. It ends, the picture is
 * kept, and who left last is charged.
 */
const isPaidFor = ({ prices, clock }: MakePortraitParts, { model }: PortraitRecord): boolean =>
  prices.priceOf(model, utcDay(clock.nowMs())).highestMicroUsd > 0;

/** Asks the painter whom the portrait's key names, within its guard; each call is a row of the ledger. */
async function paint(
  parts: MakePortraitParts,
  portrait: PortraitRecord,
  { cutouts, making }: { cutouts: Cutout[]; making: Making },
): Promise<PaintedOnLedger> {
  const { id, revision, prompt } = findStyle(portrait.style) ?? fail(styleUnknown());
  const { painter, guard } = findPainter(parts.painters, portrait.model) ?? fail(painterGone(portrait.model));
  const wish = {
    pets: cutouts,
    style: { id, revision, prompt },
    size: parts.size,
    take: portrait.take,
    wording: "usual" as const,
    signal: isPaidFor(parts, portrait) ? making.over : making.signal,
  };
  // Who leaves before a call, or in the pause before another one, is not painted for.
  return guard.run(wish, (request) => paintOnLedger(parts, portrait, { painter, request }), making.signal);
}

async function cutOut(
  parts: MakePortraitParts,
  photo: PortraitRecord["photos"][number],
  signal: AbortSignal,
): Promise<Cutout> {
  signal.throwIfAborted();
  const stored = (await parts.objects.read(photo.objectName)) ?? fail(photoNeeded());
  const cropped = await parts.photoReader.crop(stored.bytes, photo.crop, { longestSide: paintingSide });
  return parts.remover.remove(cropped, { signal });
}

async function enter(
  parts: MakePortraitParts,
  { shop, key }: PortraitRecord,
  stage: "cutting_out" | "painting" | "saving",
): Promise<void> {
  await parts.records.setStage(shop, key, stage, parts.clock.nowMs());
  parts.onChange(shop, key);
}

/** A shopper whose own room is gone fails alone; whatever else went wrong went wrong for all who wait. */
async function endInFailure(
  parts: MakePortraitParts,
  first: PortraitRecord,
  cause: unknown,
  { isHopeless } = { isHopeless: false },
): Promise<void> {
  const { shop, key, id } = first;
  const { code, kind, publicMessage: message, report } = asAppError(cause);
  if (report) parts.log.error("portrait failed", { shop, code, error: cause });
  const nowMs = parts.clock.nowMs();
  const mayPass = kind === "unavailable" || kind === "exhausted" || kind === "bug";
  const error = { code, message, retryable: mayPass && !isHopeless };
  const failed =
    kind === "exhausted"
      ? [await parts.records.failOne(id, error, { nowMs, hidden: false })]
      : await parts.records.fail(shop, key, error, nowMs);
  await giveBackAll(
    parts,
    failed.filter((portrait) => portrait !== undefined),
  );
}

function fail(error: Error): never {
  throw error;
}
