import type { DocumentSnapshot, Firestore, Query } from "@google-cloud/firestore";
import { quotaStoreSilent } from "#app/quota/errors.ts";
import type { QuotaStore, QuotaTicket } from "#app/quota/quota-store.ts";
import {
  claimUsage,
  decideCommit,
  decideRefund,
  decideReserve,
  windowName,
  type Decision,
  type QuotaEntry,
} from "#app/quota/reservation.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";
import { forgetPage, writeUnlessChanged, type Change } from "./conditional-commit.ts";
import {
  defaultPatience,
  DeadlinePassed,
  isPassing,
  untilDone,
  withinPatience,
  type Course,
  type Patience,
} from "./patience.ts";
import { documentName, entriesIn, quotaDocument, quotasPath } from "./quota-documents.ts";
import { createTurns } from "./turns.ts";

/**
 * Quotas on Firestore. What a ticket's documents say is read at one moment, decided on by the pure rules, and written in
 * one atomic commit that stands only if none of them has changed since; else it is read and decided again. That is a
 * transaction without locks: Firestore's own locks what it has read, two readers that both want to write wait for each
 * other until one is thrown out after seconds, and a process that dies or pauses in between keeps everybody else waiting.
 *
 * Whatever is written late, because a reply was lost or the SDK went on after our deadline, lands on exactly the documents
 * that it was decided on or not at all. A hold that nobody knows of ends with its lease, and whoever asks again finds its
 * own outcome first.
 */
export type FirestoreQuotaStoreOptions = Partial<Patience>;

/** When to come back after a call that got no answer, milliseconds. */
const comeBackInMs = 3_000;

/** @param firestore - from `openFirestore`, which bounds what the SDK does on its own */
export function createFirestoreQuotaStore(firestore: Firestore, options: FirestoreQuotaStoreOptions = {}): QuotaStore {
  const patience: Patience = { ...defaultPatience, ...options };
  const turns = createTurns();

  const decide = <Answer>(ticket: QuotaTicket, nowMs: number, rule: (entries: QuotaEntry[]) => Decision<Answer>) => {
    const claims = inNameOrder(ticket.claims);
    const names = claims.map((claim) => `${ticket.shop}/${documentName(claim)}`);
    const attempt = async ({ signal }: Course) => {
      const documents = await readQuotas(firestore, ticket.shop, claims, nowMs);
      const { answer, writes } = rule(documents.flatMap(({ entries }) => entries));
      // Where nobody waits any more, the next one should not find a hold that is nobody's.
      signal.throwIfAborted();
      await writeUnlessChanged(firestore, changesOf(documents, writes, nowMs));
      return answer;
    };
    return answered(patience, nowMs, (course) =>
      turns.take(names, course.signal, () => untilDone(patience, course, () => attempt(course))),
    );
  };

  return Object.freeze({
    reserve: (ticket, options) => decide(ticket, options.nowMs, (entries) => decideReserve(entries, ticket, options)),
    commit: (ticket, options) => decide(ticket, options.nowMs, (entries) => decideCommit(entries, ticket, options)),
    refund: (ticket, options) => decide(ticket, options.nowMs, (entries) => decideRefund(entries, ticket)),

    usage: (shop, claims, { nowMs }) =>
      answered(patience, nowMs, (course) =>
        untilDone(patience, course, async () => {
          const documents = await readQuotas(firestore, shop, inNameOrder(claims), nowMs);
          const entries = documents.flatMap((document) => document.entries);
          return claims.map((claim) => claimUsage(entries, claim, nowMs));
        }),
      ),

    forgetShop: (shop) => forgetAll(patience, firestore, firestore.collection(quotasPath(shop))),
  } satisfies QuotaStore);
}

/** Whatever goes wrong in the SDK, or takes too long, is one answer: nobody is let in by it, and nobody's day is over. */
function answered<T>(patience: Patience, nowMs: number | undefined, work: (course: Course) => Promise<T>): Promise<T> {
  return withinPatience(patience, work).catch((error: unknown) => {
    // Trouble that passes is nobody's fault; anything else (a right, a name, a setting) somebody has to look at.
    const passes = error instanceof DeadlinePassed || isPassing(error);
    const retryAt = nowMs === undefined ? {} : { retryAtMs: nowMs + patience.timeoutMs + comeBackInMs };
    throw quotaStoreSilent({ cause: error, report: !passes, ...retryAt });
  });
}

/** Each page has the whole deadline for itself. */
async function forgetAll(patience: Patience, firestore: Firestore, query: Query): Promise<number> {
  const forgetOne = () => forgetPage(firestore, query);
  for (let forgotten = 0; ;) {
    const page = await answered(patience, undefined, (course) => untilDone(patience, course, forgetOne));
    forgotten += page.entries;
    if (page.isLast) return forgotten;
  }
}

type QuotaDocument = { claim: QuotaClaim; snapshot: DocumentSnapshot; entries: QuotaEntry[] };

/** Each document once, always in the same order. */
function inNameOrder(claims: readonly QuotaClaim[]): QuotaClaim[] {
  const byName = new Map(claims.map((claim) => [documentName(claim), claim]));
  return [...byName.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, claim]) => claim);
}

/** One request for all of them, so that they are of one moment. */
async function readQuotas(
  firestore: Firestore,
  shop: string,
  claims: readonly QuotaClaim[],
  nowMs: number,
): Promise<QuotaDocument[]> {
  if (claims.length === 0) return [];
  const quotas = firestore.collection(quotasPath(shop));
  const snapshots = await firestore.getAll(...claims.map((claim) => quotas.doc(documentName(claim))));
  return claims.map((claim, index) => {
    const snapshot = snapshots[index] as DocumentSnapshot;
    return { claim, snapshot, entries: entriesIn(snapshot, claim, nowMs) };
  });
}

function changesOf(documents: readonly QuotaDocument[], writes: readonly QuotaEntry[], nowMs: number): Change[] {
  return documents.flatMap(({ claim, snapshot, entries }) => {
    const written = writes.find(
      ({ subject, tier, window }) => subject === claim.subject && tier === claim.tier && window === windowName(claim),
    );
    return written === undefined ? [] : [{ snapshot, data: quotaDocument(entries, written, { claim, nowMs }) }];
  });
}
