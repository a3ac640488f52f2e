import type { BackgroundRemover, Cutout } from "#app/cutouts/background-remover.ts";
import type { Gallery, GalleryEntry } from "#app/gallery/gallery.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import { asAppError } from "#app/kernel/errors.ts";
import type { AttemptLog } from "#app/ledger/attempt-log.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";
import type { PriceTable } from "#app/ledger/price-table.ts";
import type { Painter } from "#app/painters/painter.ts";
import type { PhotoReader } from "#app/photos/photo-reader.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { findStyle } from "#app/styles/catalogue.ts";
import { paintingTookTooLong, photoNeeded, styleUnknown } from "./errors.ts";
import { giveBack } from "./give-back.ts";
import { paintOnLedger } from "./paint-on-ledger.ts";
import type { PaintingJob } from "./painting-queue.ts";
import type { PortraitRecord, PortraitRecords } from "./portrait-records.ts";

/**
 * How a photo becomes a portrait. A job is taken for a key and for everybody who waits for it: cut the pet out, paint it,
 * keep the picture, charge the one who asked first, tell them all. It may be run again after a crash at any point: what is
 * in the gallery is not painted twice, what is committed is not charged twice, and whatever goes wrong gives everything
 * back that was reserved.
 */
export type MakePortraitParts = {
  records: PortraitRecords;
  objects: ObjectStore;
  photoReader: PhotoReader;
  remover: BackgroundRemover;
  painter: Painter;
  gallery: Gallery;
  quota: QuotaStore;
  budget: BudgetStore;
  attempts: AttemptLog;
  prices: PriceTable;
  clock: Clock;
  ids: Ids;
  log: Log;
  size: { width: number; height: number };
  /** For the whole making, milliseconds. */
  deadlineMs: number;
  leaseMs: number;
  /** Called whenever a portrait of the key has moved on. */
  onChange(shop: string, key: string): void;
};

export type MakePortrait = {
  make(job: PaintingJob, options?: { signal?: AbortSignal }): Promise<void>;
  /** Ends a making in this process that nobody waits for any more. */
  stop(job: PaintingJob): void;
};

/** The longest side at which a photo is looked at for painting, pixels: more is not seen in a portrait of 1024 × 1280. */
const paintingSide = 1536;

export function createMakePortrait(parts: MakePortraitParts): MakePortrait {
  const running = new Map<string, AbortController>();

  return Object.freeze({
    async make(job: PaintingJob, { signal }: { signal?: AbortSignal } = {}) {
      const wanted = await parts.records.waitingFor(job.shop, job.key);
      const [first] = wanted;
      if (first === undefined) return;
      const stop = new AbortController();
      running.set(nameOf(job), stop);
      const deadline = AbortSignal.timeout(parts.deadlineMs);
      try {
        await makeFor(parts, first, AbortSignal.any([stop.signal, deadline, ...(signal ? [signal] : [])]));
      } catch (error) {
        // A process that is going down hands the job back untouched; another one takes it up.
        if (signal?.aborted === true) throw error;
        if (!stop.signal.aborted) await failAll(parts, job, deadline.aborted ? paintingTookTooLong(error) : error);
      } finally {
        running.delete(nameOf(job));
        parts.onChange(job.shop, job.key);
      }
    },
    stop: (job: PaintingJob) => running.get(nameOf(job))?.abort(),
  });
}

const nameOf = (job: PaintingJob): string => `${job.shop}/${job.key}`;

async function makeFor(parts: MakePortraitParts, portrait: PortraitRecord, signal: AbortSignal): Promise<void> {
  const { shop, key } = portrait;
  const entry = (await parts.gallery.find(shop, key)) ?? (await cutPaintAndKeep(parts, portrait, signal));
  await chargeWhoAskedFirst(parts, shop, key);
  await parts.records.finish(shop, key, entry, { nowMs: parts.clock.nowMs(), imageToken: () => parts.ids.next("img") });
}

async function cutPaintAndKeep(
  parts: MakePortraitParts,
  portrait: PortraitRecord,
  signal: AbortSignal,
): Promise<GalleryEntry> {
  const { shop, key } = portrait;
  if (portrait.reserved?.quota) {
    await parts.quota.reserve(portrait.reserved.quota, { nowMs: parts.clock.nowMs(), leaseMs: parts.leaseMs });
  }
  await enter(parts, portrait, "cutting_out");
  const cutouts: Cutout[] = [];
  for (const photo of portrait.photos) cutouts.push(await cutOut(parts, photo, signal));

  await enter(parts, portrait, "painting");
  const style = findStyle(portrait.style) ?? fail(styleUnknown());
  const painting = await paintOnLedger(parts, portrait, {
    pets: cutouts,
    style: { id: style.id, revision: style.revision, prompt: style.prompt },
    size: parts.size,
    take: portrait.take,
    signal,
  });

  await enter(parts, portrait, "saving");
  return parts.gallery.keep(shop, key, {
    bytes: painting.image,
    contentType: painting.contentType,
    width: painting.width,
    height: painting.height,
    painter: portrait.painter,
    model: portrait.model,
    backgroundKept: cutouts.some((cutout) => cutout.backgroundKept),
  });
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

/** One picture was painted, so one unit is charged; who joined the wait pays as for a picture out of the gallery: nothing. */
async function chargeWhoAskedFirst(parts: MakePortraitParts, shop: string, key: string): Promise<void> {
  const [first, ...others] = await parts.records.waitingFor(shop, key);
  if (first?.reserved?.quota) await parts.quota.commit(first.reserved.quota, { nowMs: parts.clock.nowMs() });
  for (const other of others) await giveBack(parts, other);
}

async function failAll(parts: MakePortraitParts, { shop, key }: PaintingJob, cause: unknown): Promise<void> {
  const error = asAppError(cause);
  if (error.report) parts.log.error("portrait failed", { shop, code: error.code, error: cause });
  const failed = await parts.records.fail(
    shop,
    key,
    { code: error.code, message: error.publicMessage, retryable: error.kind === "unavailable" || error.kind === "bug" },
    parts.clock.nowMs(),
  );
  for (const portrait of failed) await giveBack(parts, portrait);
}

function fail(error: Error): never {
  throw error;
}
