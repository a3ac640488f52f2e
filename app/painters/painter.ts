/**
 * Paints a portrait of one to three pets. A painter makes exactly one attempt: deadlines, retries and breakers are put
 * around it, and every call of `paint` becomes one row of the ledger.
 */
export interface Painter {
  readonly kind: "gemini" | "preview";
  /** Part of the portrait's key, and what the price table is asked for. */
  readonly model: string;
  /**
   * @throws AppError `unavailable` where another attempt may work; `invalid` where this photo or style never will
   */
  paint(request: PaintRequest): Promise<Painting>;
}

export type PaintRequest = {
  /** PNG with alpha for each pet, in the order in which the shopper gave them. */
  pets: { image: Buffer; backgroundKept: boolean }[];
  style: { id: string; revision: number; prompt: string };
  size: { width: number; height: number };
  /** From 1. Another take of the same photo and style is another picture; the same take is the same picture. */
  take: number;
  signal: AbortSignal;
};

export type Painting = {
  image: Buffer;
  contentType: "image/jpeg" | "image/png" | "image/webp";
  width: number;
  height: number;
  usage: PaintUsage;
};

/** What the provider reported about one attempt; what it bills is worked out from it. */
export type PaintUsage = {
  /** Tokens by modality, or null for a painter that has none. */
  tokens: { input: number; output: number; thinking: number } | null;
  finishReason: string | null;
  providerRequestId: string | null;
};
