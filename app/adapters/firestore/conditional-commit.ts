import type { DocumentData, DocumentSnapshot, Firestore, Query, Timestamp, Transaction } from "@google-cloud/firestore";
import { Overtaken, statusOf } from "./patience.ts";
import { entryCount } from "./quota-documents.ts";

/** What a document that was read is to say from now on. */
export type Change = { snapshot: DocumentSnapshot; data: DocumentData };

/** Documents that are deleted in one commit; Firestore takes up to 500. */
const pageSize = 200;
export type Page = { entries: number; isLast: boolean };

/**
 * Writes all of it in one commit, or nothing where one of the documents has changed since it was read.
 * @throws Overtaken in that case
 */
export async function writeUnlessChanged(firestore: Firestore, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await commit(firestore, (writes) => {
    for (const { snapshot, data } of changes) {
      if (snapshot.exists) writes.update(snapshot.ref, data, { lastUpdateTime: snapshot.updateTime as Timestamp });
      else writes.create(snapshot.ref, data);
    }
  });
}

/** The count is of what this try deleted: after a reply that was lost it is too low, never too high. */
export async function forgetPage(firestore: Firestore, query: Query): Promise<Page> {
  const { docs } = await query.limit(pageSize).get();
  if (docs.length > 0) {
    await commit(firestore, (writes) => {
      for (const { ref, updateTime } of docs) writes.delete(ref, { lastUpdateTime: updateTime });
    });
  }
  const entries = docs.reduce((sum, snapshot) => sum + entryCount(snapshot), 0);
  return { entries, isLast: docs.length < pageSize };
}

/**
 * A transaction that reads nothing is one commit and holds no locks before it. A `WriteBatch` would be the same, but the
 * SDK sends it again for ten minutes, whatever the client is told.
 */
async function commit(firestore: Firestore, write: (writes: Transaction) => void): Promise<void> {
  try {
    await firestore.runTransaction(async (writes) => write(writes), { maxAttempts: 1 });
  } catch (error) {
    if (changedSince.has(statusOf(error) ?? 0)) throw new Overtaken("a document has changed", { cause: error });
    throw error;
  }
}

/** What a condition that does not hold is answered with: the document is gone, is there already, or is another. */
const changedSince = new Set([5 /* NOT_FOUND */, 6 /* ALREADY_EXISTS */, 9 /* FAILED_PRECONDITION */]);
