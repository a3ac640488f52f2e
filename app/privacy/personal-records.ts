/**
 * Everything in the records that belongs to a person or to a shop. Privacy stories delete through it and prove the
 * deletion by asking again. A shopper is the opaque name that records carry: `c:<customer id>` or `s:<session id>`; where
 * Shopify asks for a customer's orders as well, an order is named beside them, `o:<order id>`.
 *
 * What was deleted, and which bytes must follow, is written into the request in the same transaction as the deletion:
 * a crash in between loses no object's name.
 */
export interface PersonalRecords {
  /**
   * What is stored of the shoppers and of the portraits that the orders are for, for a data request: no bytes, but the
   * names of the objects that hold them.
   */
  export(shop: string, shoppers: readonly string[]): Promise<PersonalExport>;
  /** The guests that the customer was before logging in: sessions in which they made a portrait, as `s:<session id>`. */
  guestsOf(shop: string, customer: string): Promise<string[]>;
  /** The guests who made a portrait that one of the orders (`o:…`) is for. */
  guestsOfOrders(shop: string, orders: readonly string[]): Promise<string[]>;
  /**
   * Deletes the shoppers' photos, portraits, aliases, answers and events that were there when the request came in, and
   * their quota entries of earlier days. Today's quota entries stay until the sweep takes them: they hold an opaque name
   * and a count, and without them a day's portraits could be had again and again by forgetting oneself in between.
   *
   * What is part of an order stays where a shopper asks for it themselves, with the photos that it is made of, and leaves
   * their list; where Shopify asks it goes as well, and so does whatever says which orders they were.
   */
  forget(request: ForgetRequest & Pick<OpenRequest, "kind">, shoppers: readonly string[]): Promise<Progress>;
  /** Deletes everything of the shop, its secret, its sessions and its ledger too; only this request stays. */
  forgetShop(request: ForgetRequest): Promise<Progress>;
  /**
   * Deletes what is too old, at most `limit` of each kind. Portraits that are still being made, and the photos that they
   * are made of, are left alone.
   */
  forgetExpired(before: Cutoffs, limit: number): Promise<ExpiredRecords>;
  /**
   * What there is of the shoppers (or of the whole shop) that was there at `createdBy`; asked after a deletion.
   * @param options - `withoutOrdered`: what stays because it is part of an order is not counted
   */
  count(
    shop: string,
    shoppers: readonly string[] | "everybody",
    createdBy: Date,
    options?: { withoutOrdered: boolean },
  ): Promise<RecordCounts>;
  /** Those of the objects that no record of the shop names. */
  unnamed(shop: string, objects: readonly string[]): Promise<string[]>;
  /** The shop has uninstalled: its access tokens are dead and go at once, the rest waits for `shop/redact`. */
  endSessions(shop: string, at: Date): Promise<void>;

  open(request: OpenRequest): Promise<void>;
  /** Narrows the request to the objects that are still there. */
  saveProgress(request: RequestName, progress: Progress): Promise<void>;
  /**
   * The request is done. Its shoppers are forgotten, except those of a data request, which is answered from the records
   * for as long as it is kept; a shop that was redacted is named by a digest from now on ({@link redactedShop}).
   */
  complete(request: RequestName, completed: { at: Date; receipt: PrivacyReceipt }): Promise<void>;
  /** Newest first; with what was done for this shop before it came back. */
  requests(shop: string, limit: number): Promise<PrivacyRequestRecord[]>;
  /** Requests of any shop that came in before `receivedBy` and are not done. */
  unfinished(receivedBy: Date, limit: number): Promise<OpenRequest[]>;
}

export type PersonalExport = {
  photos: { id: string; sha256: string; width: number; height: number; objectName: string; createdAt: Date }[];
  portraits: {
    id: string;
    style: string;
    status: string;
    take: number;
    objectName: string | null;
    createdAt: Date;
    /** The orders that it is for, as the merchant reads them: `#1001`. */
    orders: string[];
  }[];
  events: { name: string; portraitId: string | null; at: Date }[];
};

export type RecordCounts = {
  photos: number;
  portraits: number;
  events: number;
  /** Aliases, kept answers, lines of orders; for a shop also quota, ledger, sessions and the shop itself. */
  others: number;
};

/** What came before its instant is too old. */
export type Cutoffs = {
  /** For what carries its own expiry: photos, portraits, kept answers. */
  expired: Date;
  events: Date;
  quotaEntries: Date;
  webhookDeliveries: Date;
  /** Data requests then forget whom they were about, and can no longer be fetched. */
  dataRequests: Date;
};

export type ExpiredRecords = RecordCounts & {
  orphanedObjects: { shop: string; name: string }[];
  /** There may be more to take. */
  more: boolean;
};

export type RequestName = { id: string; shop: string };
export type ForgetRequest = RequestName & { receivedAt: Date };

export type PrivacyKind = "shopper" | "data_request" | "customer_redact" | "shop_redact";

export type OpenRequest = ForgetRequest & { kind: PrivacyKind; shoppers: string[]; progress: Progress };

/** How far a request has come. */
export type Progress = {
  deleted: RecordCounts;
  /** Bytes that no record names any more and that are still to be deleted. */
  objectsToDelete: string[];
  objectsDeleted: number;
  /** Bytes that stay, because a portrait of somebody else is the same picture. */
  objectsShared: number;
};

export type PrivacyReceipt = {
  /** Deleted; for a data request: found. */
  records: RecordCounts;
  objects: number;
  objectsShared: number;
  /** What was still there when we asked again after the deletion; null for a data request. */
  left: (RecordCounts & { objects: number }) | null;
};

export type PrivacyRequestRecord = {
  id: string;
  kind: PrivacyKind;
  /** Empty once the subjects are forgotten. */
  shoppers: string[];
  receivedAt: Date;
} & ({ completedAt: null; receipt: null } | { completedAt: Date; receipt: PrivacyReceipt });

export const noProgress: Progress = Object.freeze({
  deleted: Object.freeze({ photos: 0, portraits: 0, events: 0, others: 0 }),
  objectsToDelete: [],
  objectsDeleted: 0,
  objectsShared: 0,
});
