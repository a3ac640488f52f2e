/**
 * Everything in the records that belongs to a person or to a shop. Privacy stories delete through it and prove the
 * deletion by asking again. `shopper` is the opaque name that records carry: `c:<customer id>` or `s:<session id>`.
 */
export interface PersonalRecords {
  /** What is stored of the shoppers, for a data request: no bytes, but the names of the objects that hold them. */
  export(shop: string, shoppers: readonly string[]): Promise<PersonalExport>;
  /**
   * Deletes the shoppers' photos, portraits, aliases, answers, events and quota entries in one transaction.
   * @returns the objects that no record names any more and whose bytes must now be deleted
   */
  forget(shop: string, shoppers: readonly string[]): Promise<ForgottenRecords>;
  /** Deletes everything of the shop, its secret and its sessions too. */
  forgetShop(shop: string): Promise<ForgottenRecords>;
  /** Deletes what has passed its expiry. Portraits that are still being made are left alone. */
  forgetExpired(nowMs: number, limit: number): Promise<ForgottenRecords>;
  saveRequest(request: PrivacyRequestRecord): Promise<void>;
  requests(shop: string, limit: number): Promise<PrivacyRequestRecord[]>;
}

export type PersonalExport = {
  photos: { id: string; sha256: string; width: number; height: number; objectName: string; createdAt: Date }[];
  portraits: { id: string; style: string; status: string; take: number; objectName: string | null; createdAt: Date }[];
  events: { name: string; portraitId: string | null; at: Date }[];
};

export type ForgottenRecords = { photos: number; portraits: number; orphanedObjects: string[] };

export type PrivacyRequestRecord = {
  id: string;
  shop: string;
  kind: "shopper" | "data_request" | "customer_redact" | "shop_redact";
  shopper: string | null;
  receivedAt: Date;
  completedAt: Date | null;
  receipt: Record<string, unknown> | null;
};
