import { createHash } from "node:crypto";
import { Timestamp, type DocumentData, type DocumentSnapshot } from "@google-cloud/firestore";
import { nextUtcMidnightMs } from "#app/kernel/clock.ts";
import { windowName, type QuotaEntry } from "#app/quota/reservation.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";

/**
 * How quotas lie in Firestore: `shops/{shop}/quotas/{subject}.{tier}.{window}`, one document for what one subject has
 * used of one tier in one window, with an entry for each request. Nobody shares a document with a stranger, except the
 * guests behind one address: a document takes about one write a second for ever and many more for a short time, and
 * twenty portraits a day are what an address has.
 *
 * Documents are found by name alone, so no field needs an index.
 */
export const quotaCollection = "quotas";

/** For the TTL policy of {@link quotaCollection}. It deletes up to days later; until then the code looks itself. */
export const quotaTtlField = "expireAt";

/**
 * Fields to be exempted from single-field indexes in the collection group {@link quotaCollection}. Firestore indexes
 * everything by itself, each part of each entry too: that would cost a dozen index writes for a portrait, and an index on
 * a time that only grows has one hot end for all shops together.
 */
export const quotaFieldsWithoutIndex: readonly string[] = Object.freeze(["entries", quotaTtlField]);

/**
 * How long an outcome is kept after its window and its lease are over. A job is given to another process for minutes
 * after a crash, and a browser repeats a request under its key for a day; two days are longer than both. After that a
 * request is a new one.
 */
export const replayMs = 2 * 24 * 60 * 60 * 1000;

/**
 * How many entries that no longer count (given back, late, lapsed, out of the window) a document keeps, newest first. Each
 * takes about 120 bytes and a document at most 1 MiB, and it is read and written whole; a shopper who orders and cancels
 * all day must not be able to fill it. An entry that was crowded out can only be asked for by the job of a request that
 * a hundred others came after, and then its ticket's other documents know it, or it is charged where there is room: never
 * above the limit.
 */
export const spentEntriesKept = 100;

export const quotasPath = (shop: string): string => `shops/${encodeURIComponent(shop)}/${quotaCollection}`;

/**
 * A digest has no forbidden signs, spreads what would be neighbours (Shopify counts its customers) over the whole key
 * range, and keeps customer numbers out of the logs that name documents.
 */
export const documentName = (claim: QuotaClaim): string =>
  `${digestOf(claim.subject)}.${claim.tier}.${windowName(claim)}`;

const digestOf = (subject: string): string => createHash("sha256").update(subject).digest("hex").slice(0, 32);

type StoredEntry = Pick<QuotaEntry, "requestId" | "state" | "reservedAtMs" | "leaseExpiresAtMs">;
type StoredQuota = { entries: StoredEntry[]; [quotaTtlField]: Timestamp };

/** What is in a claim's document; nothing where its time is over, whether or not it has been deleted yet. */
export function entriesIn(snapshot: DocumentSnapshot, claim: QuotaClaim, nowMs: number): QuotaEntry[] {
  const stored = snapshot.data() as StoredQuota | undefined;
  if (stored === undefined || stored[quotaTtlField].toMillis() <= nowMs) return [];
  const { subject, tier } = claim;
  return stored.entries.map((entry) => ({ subject, tier, window: windowName(claim), ...entry }));
}

/** How many entries a document holds, for who forgets it. */
export const entryCount = (snapshot: DocumentSnapshot): number =>
  (snapshot.data() as StoredQuota | undefined)?.entries.length ?? 0;

/** The document after `written` was decided on what was `before`. */
export function quotaDocument(
  before: readonly QuotaEntry[],
  written: QuotaEntry,
  { claim, nowMs }: { claim: QuotaClaim; nowMs: number },
): DocumentData {
  const others = before.filter((entry) => entry.requestId !== written.requestId);
  const counting = others.filter((entry) => stillCounts(entry, claim, nowMs));
  const spent = others
    .filter((entry) => !counting.includes(entry) && entry.leaseExpiresAtMs > nowMs - replayMs)
    .sort((a, b) => b.leaseExpiresAtMs - a.leaseExpiresAtMs)
    .slice(0, spentEntriesKept);
  const kept = [...counting, ...spent, written];
  const expiresAtMs = Math.max(...kept.map((entry) => overAtMs(entry, claim))) + replayMs;
  const entries = kept.map(({ requestId, state, reservedAtMs, leaseExpiresAtMs }) => ({
    requestId,
    state,
    reservedAtMs,
    leaseExpiresAtMs,
  }));
  return { entries, [quotaTtlField]: Timestamp.fromMillis(expiresAtMs) } satisfies StoredQuota;
}

/** What the rules count can never be crowded out. */
function stillCounts(entry: QuotaEntry, { window }: QuotaClaim, nowMs: number): boolean {
  if (entry.state === "held") return entry.leaseExpiresAtMs > nowMs;
  return entry.state === "done" && (window.kind === "utc-day" || entry.reservedAtMs > nowMs - window.ms);
}

/** The lease is where an entry's last change left it: at its end while it is held, at the settling afterwards. */
function overAtMs(entry: QuotaEntry, { window }: QuotaClaim): number {
  const windowEndsAtMs =
    window.kind === "utc-day" ? nextUtcMidnightMs(Date.parse(window.day)) : entry.reservedAtMs + window.ms;
  return Math.max(windowEndsAtMs, entry.leaseExpiresAtMs);
}
