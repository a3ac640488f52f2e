import type { QuotaClaim } from "./tiers.ts";

/**
 * Holds what each shopper has used, exactly, under any parallelism and any crash. Nothing is counted up and down: every
 * request is an entry of its own under its id, held until it is committed or refunded, and an entry whose lease has run
 * out counts for nothing. All claims of a request are taken together or not at all.
 *
 * Any call may throw AppError `unavailable` (code `busy`) when the store does not answer in time. What became of it is not
 * known then; the same call again finds it out and does nothing twice.
 */
export interface QuotaStore {
  /**
   * Holds one unit in every claim. The same request again joins its own hold (and renews the lease) or, once committed,
   * is told so; a refunded request may be held anew, unless it was told `late`.
   * @throws AppError `unavailable` when the store does not answer in time: never open, never exhausted
   */
  reserve(ticket: QuotaTicket, options: { nowMs: number; leaseMs: number }): Promise<Reservation>;
  /**
   * Turns the hold into a use, in the windows in which it was reserved. A hold whose lease ran out is used only if there
   * is still room; else, and where the hold was given back, the answer is `late`, for ever: the picture is given, nothing
   * is charged.
   */
  commit(ticket: QuotaTicket, options: { nowMs: number }): Promise<"committed" | "late">;
  /** Gives the hold back. Idempotent; a committed request stays committed. */
  refund(ticket: QuotaTicket, options: { nowMs: number }): Promise<void>;
  /** What is used of each claim at this moment, holds included, in the order of the claims. */
  usage(shop: string, claims: readonly QuotaClaim[], options: { nowMs: number }): Promise<ClaimUsage[]>;
  /**
   * Forgets all entries of the shop. May take several steps; after an error it is safe to ask again.
   * @returns how many entries went
   */
  forgetShop(shop: string): Promise<number>;
}

/** Everything that later steps need to settle the reservation; plain data, kept with the portrait. */
export type QuotaTicket = { shop: string; requestId: string; claims: QuotaClaim[] };

export type Reservation =
  { allowed: true; state: "held" | "committed" } | { allowed: false; blockedBy: QuotaClaim["tier"]; retryAtMs: number };

export type ClaimUsage = {
  used: number;
  /** When the oldest use leaves a rolling window, or the UTC day ends; milliseconds since the epoch. */
  freesAtMs: number;
};
