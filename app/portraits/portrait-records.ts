import type { BudgetTicket } from "#app/ledger/budget-store.ts";
import type { QuotaTicket } from "#app/quota/quota-store.ts";
import type { GalleryEntry } from "#app/gallery/gallery.ts";

/**
 * Portraits as shoppers see them. A portrait moves `queued → making → ready | failed | cancelled`, and once it is ordered
 * from anything but `ready` back to `queued`; each move is one conditional statement, so whoever comes second (a cancel
 * and a finish, two instances) finds that nothing is left to move.
 */
export interface PortraitRecords {
  /** At most one active portrait of a key for an owner: the second wish gets the first one's record. */
  insertActive(portrait: PortraitRecord): Promise<{ portrait: PortraitRecord; inserted: boolean }>;
  insertSettled(portrait: PortraitRecord): Promise<void>;
  /**
   * At most one pending portrait of a key for an owner: who asks for the same promise again gets it again, and it lasts
   * as long as the later one would have.
   */
  insertPending(portrait: PortraitRecord): Promise<PortraitRecord>;
  find(shop: string, owners: readonly string[], id: string): Promise<PortraitRecord | undefined>;
  findReady(shop: string, owners: readonly string[], key: string): Promise<PortraitRecord | undefined>;
  /** The picture of this object as it was given to anybody of the shop, with the longest time that one of them has it. */
  findGiven(shop: string, objectName: string): Promise<GivenPicture | undefined>;
  findActive(shop: string, owners: readonly string[], key: string): Promise<PortraitRecord | undefined>;
  findByImageToken(token: string): Promise<PortraitRecord | undefined>;
  /** Newest first, without what has left the list. */
  list(shop: string, owners: readonly string[], limit: number): Promise<PortraitRecord[]>;
  /** Everybody who waits for this key, who asked first comes first. */
  waitingFor(shop: string, key: string): Promise<PortraitRecord[]>;
  setStage(shop: string, key: string, stage: PortraitStage, nowMs: number): Promise<void>;
  /**
   * Gives the picture to everybody who waits for the key, or, of those, to `only` these ids.
   *
   * @returns the portraits that became ready
   */
  finish(
    shop: string,
    key: string,
    entry: GalleryEntry,
    options: { nowMs: number; imageToken: () => string; only?: readonly string[] | undefined },
  ): Promise<PortraitRecord[]>;
  /**
   * Fails everybody who waits for the key but who is written down as its payer: they may have been charged already, so
   * there is a picture for them. What is ordered and may still come out well is `pending` again, with the error beside it.
   *
   * @returns the portraits that failed
   */
  fail(shop: string, key: string, error: PortraitError, nowMs: number): Promise<PortraitRecord[]>;
  /** @returns undefined when it was not active any more, or is written down as the payer of a picture */
  failOne(
    id: string,
    error: PortraitError,
    options: { nowMs: number; hidden: boolean },
  ): Promise<PortraitRecord | undefined>;
  /** @returns undefined when it was not active any more, or is ordered */
  cancel(id: string, nowMs: number): Promise<PortraitRecord | undefined>;
  /** Who stopped waiting for this key since then, who left last comes last. */
  cancelledSince(shop: string, key: string, sinceMs: number): Promise<PortraitRecord[]>;
  hide(id: string, nowMs: number): Promise<void>;
  /** Whether this picture has been painted, charged and given to somebody before. */
  wasGiven(shop: string, objectName: string): Promise<boolean>;
  /**
   * Writes down that this portrait pays for the picture, before it is charged. A picture has one payer, whoever else is
   * proposed at the same time, and a portrait pays for one picture. What has failed pays for none, and who pays does not
   * fail: of a failure and this, one goes through.
   *
   * @returns who pays: this portrait, or who was written down before; undefined where this one has failed or is there no
   *   more
   */
  decidePayer(portrait: PortraitRecord, objectName: string): Promise<PortraitRecord | undefined>;
  /** Who was to pay for this picture can never be charged for it, so that somebody else may be. */
  letPayerOff(id: string, objectName: string): Promise<void>;
  /** Portraits that wait for a painter, of all shops and of this one, counted no further than `enough`. */
  countWaiting(shop: string, enough: number): Promise<{ all: number; ofShop: number }>;
  /** Keys that have waited since before `beforeMs` without a sign of life; `isOrdered` where somebody has bought it. */
  forgottenJobs(beforeMs: number, limit: number): Promise<{ shop: string; key: string; isOrdered: boolean }[]>;
  /** Shops with a portrait that is ordered, neither made nor being made, and due; in no order. */
  shopsWithOrdered(due: OrderedDue, limit: number): Promise<string[]>;
  /** The shop's portraits of that kind, who was ordered first comes first; of those, `only` these ids. */
  orderedToPaint(
    shop: string,
    due: OrderedDue,
    options: { limit: number; only?: readonly string[] | undefined },
  ): Promise<PortraitRecord[]>;
  /**
   * An ordered portrait is put in line to be painted, with what it will be painted with.
   *
   * @returns undefined where it is not ordered, or is made or being made by now
   */
  putInLine(
    id: string,
    line: Pick<PortraitRecord, "key" | "painter" | "model" | "styleRevision" | "reserved"> & { nowMs: number },
  ): Promise<PortraitRecord | undefined>;
  /** Median of the newest makings by this model, milliseconds; null before the first. */
  medianMakingMs(model: string, sample: number): Promise<number | null>;
}

/**
 * An ordered portrait is due at once, and after a try that came to nothing when it has waited: `firstPauseMs` after the
 * first try, twice as long after each. It is tried `mostTries` times. What can never come out well is not due.
 */
export type OrderedDue = { nowMs: number; firstPauseMs: number; mostTries: number };

/** What records say of a finished picture, for whom else it may be given to. */
export type GivenPicture = Pick<
  GalleryEntry,
  "objectName" | "width" | "height" | "contentType" | "backgroundKept" | "cutoutBy"
> & { expiresAtMs: number };

export type PortraitStatus = "queued" | "making" | "ready" | "failed" | "cancelled" | "pending";
export type PortraitStage = "waiting" | "cutting_out" | "painting" | "saving";
export type PortraitError = { code: string; message: string; retryable: boolean };
export type Crop = { x: number; y: number; width: number; height: number; turn: 0 | 90 | 180 | 270 };
export type PortraitPhoto = { photoId: string; objectName: string; sha256: string; crop: Crop | null };
export type Reserved = { quota: QuotaTicket | null; budget: BudgetTicket | null };

export type PortraitRecord = {
  id: string;
  shop: string;
  shopper: string;
  session: string;
  key: string;
  photos: PortraitPhoto[];
  style: string;
  styleRevision: number;
  take: number;
  painter: "gemini" | "preview";
  model: string;
  status: PortraitStatus;
  stage: PortraitStage | null;
  cached: boolean;
  backgroundKept: boolean;
  /** Null until it is ready. */
  cutoutBy: string | null;
  imageToken: string | null;
  objectName: string | null;
  width: number | null;
  height: number | null;
  contentType: string | null;
  error: PortraitError | null;
  reserved: Reserved | null;
  createdAtMs: number;
  startedAtMs: number | null;
  expiresAtMs: number;
  /** Null until it is part of an order. */
  orderedAtMs: number | null;
  /** How often it has been put in line because it is bought. */
  tries: number;
};

export const isActive = (portrait: PortraitRecord): boolean =>
  portrait.status === "queued" || portrait.status === "making";

/** What a record says of the picture that it shows. */
export const pictureOf = ({ objectName, width, height, contentType, backgroundKept, cutoutBy }: GalleryEntry) => ({
  objectName,
  width,
  height,
  contentType,
  backgroundKept,
  cutoutBy,
});
