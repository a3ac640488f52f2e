import type { TokenCounts } from "#app/kernel/token-counts.ts";

/**
 * Paints a portrait of one to three pets. A painter makes exactly one attempt: deadlines, retries and breakers are put
 * around it, and every call of `paint` becomes one row of the ledger.
 */
export interface Painter {
  readonly kind: "gemini" | "preview";
  /** Part of the portrait's key, and what the price table is asked for. */
  readonly model: string;
  /**
   * @throws PaintingFailure with what can be done about it, and with what the provider reported before it failed;
   *   whatever else is thrown is a bug or the caller's own abort
   */
  paint(request: PaintRequest): Promise<Painting>;
}

export type PaintRequest = {
  /** PNG with alpha for each pet, in the order in which the shopper gave them. */
  pets: { image: Buffer; backgroundKept: boolean }[];
  style: { id: string; revision: number; prompt: string };
  /** Wished for, pixels. A provider has sizes of its own; what came is read from the picture. */
  size: { width: number; height: number };
  /** From 1. Another take of the same photo and style is another picture; the same take is the same picture. */
  take: number;
  /** `softer` after a safety block: the same picture asked for in words that no family would mind. */
  wording: "usual" | "softer";
  signal: AbortSignal;
};

export type Painting = {
  /** As it came. What it is (type, size, whether it decodes at all) is not the painter's word but the picture's. */
  image: Buffer;
  usage: PaintUsage;
};

/** What the provider reported about one attempt; what it bills is worked out from it. */
export type PaintUsage = {
  /** Null for a painter that has none, and for a provider's answer that did not say. */
  tokens: TokenCounts | null;
  finishReason: string | null;
  providerRequestId: string | null;
};
