import type { MicroUsd } from "#app/kernel/money.ts";

/** What a merchant sees of a shop's work; every figure is read from the records, none is estimated. */
export interface UsageReport {
  /** Figures from `sinceMs` on (milliseconds since the epoch, UTC). */
  since(shop: string, sinceMs: number): Promise<UsageFigures>;
  /** The newest portraits that a shopper can see or has ordered, newest first. */
  newestPortraits(shop: string, limit: number): Promise<PortraitSummary[]>;
  /** What was ordered from `sinceMs` on and is painted no more by itself, newest first. */
  unpaintedOrders(shop: string, options: { sinceMs: number; limit: number }): Promise<UnpaintedOrder[]>;
}

export type UsageFigures = {
  /** Portraits that became ready, hits included. */
  portraits: number;
  /** Portraits that were answered from the gallery. */
  cacheHits: number;
  /** Calls of a painter, failed ones included. */
  painterCalls: number;
  failedPainterCalls: number;
  failedPortraits: number;
  costMicroUsd: MicroUsd;
  /** `added_to_cart` events of the storefront. */
  addedToCart: number;
  /** Portraits that were ordered. */
  ordered: number;
};

/** `order` as the merchant reads it, `#1001`; the reason as it was said to the shopper, null where there is none. */
export type UnpaintedOrder = { order: string; reason: string | null };

export type PortraitSummary = {
  id: string;
  style: string;
  status: string;
  painter: "gemini" | "preview";
  cached: boolean;
  backgroundKept: boolean;
  /** The remover that really cut the pet out; null until it is ready. */
  cutoutBy: string | null;
  imageToken: string | null;
  errorMessage: string | null;
  /** The orders that it is for, as the merchant reads them: `#1001`. */
  orders: string[];
  /** Ordered, and painted no more by itself: every try came to nothing. */
  isGivenUp: boolean;
  createdAt: Date;
};
