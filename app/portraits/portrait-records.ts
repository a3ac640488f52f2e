import type { BudgetTicket } from "#app/ledger/budget-store.ts";
import type { QuotaTicket } from "#app/quota/quota-store.ts";
import type { GalleryEntry } from "#app/gallery/gallery.ts";

/**
 * Portraits as shoppers see them. A portrait moves `queued → making → ready | failed | cancelled`; each move is one
 * conditional statement, so whoever comes second (a cancel and a finish, two instances) finds that nothing is left to
 * move.
 */
export interface PortraitRecords {
  /** At most one active portrait of a key for an owner: the second wish gets the first one's record. */
  insertActive(portrait: PortraitRecord): Promise<{ portrait: PortraitRecord; inserted: boolean }>;
  insertSettled(portrait: PortraitRecord): Promise<void>;
  find(shop: string, owners: readonly string[], id: string): Promise<PortraitRecord | undefined>;
  findReady(shop: string, owners: readonly string[], key: string): Promise<PortraitRecord | undefined>;
  findActive(shop: string, owners: readonly string[], key: string): Promise<PortraitRecord | undefined>;
  findByImageToken(token: string): Promise<PortraitRecord | undefined>;
  /** Newest first, without what has left the list. */
  list(shop: string, owners: readonly string[], limit: number): Promise<PortraitRecord[]>;
  /** Everybody who waits for this key, who asked first comes first. */
  waitingFor(shop: string, key: string): Promise<PortraitRecord[]>;
  setStage(shop: string, key: string, stage: PortraitStage, nowMs: number): Promise<void>;
  /** @returns the portraits that became ready */
  finish(
    shop: string,
    key: string,
    entry: GalleryEntry,
    options: { nowMs: number; imageToken: () => string },
  ): Promise<PortraitRecord[]>;
  /** @returns the portraits that failed */
  fail(shop: string, key: string, error: PortraitError, nowMs: number): Promise<PortraitRecord[]>;
  /** @returns undefined when it was not active any more */
  failOne(
    id: string,
    error: PortraitError,
    options: { nowMs: number; hidden: boolean },
  ): Promise<PortraitRecord | undefined>;
  /** @returns undefined when it was not active any more */
  cancel(id: string, nowMs: number): Promise<PortraitRecord | undefined>;
  /** Who stopped waiting for this key since then, who left last comes last. */
  cancelledSince(shop: string, key: string, sinceMs: number): Promise<PortraitRecord[]>;
  hide(id: string, nowMs: number): Promise<void>;
  /** Whether this picture has been painted, charged and given to somebody before. */
  wasGiven(shop: string, objectName: string): Promise<boolean>;
  /** Portraits of all shops that wait for a painter, counted no further than `enough`. */
  countWaiting(enough: number): Promise<number>;
  /** Keys that have waited since before `beforeMs` without a sign of life. */
  forgottenJobs(beforeMs: number, limit: number): Promise<{ shop: string; key: string }[]>;
  /** Median of the newest makings by this model, milliseconds; null before the first. */
  medianMakingMs(model: string, sample: number): Promise<number | null>;
}

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
};

export const isActive = (portrait: PortraitRecord): boolean =>
  portrait.status === "queued" || portrait.status === "making";
