/**
 * First answers, kept by the key that the caller chose, so that a request whose answer was lost can be made again with no
 * second effect.
 */
export interface IdempotentAnswers {
  /**
   * Claims the key for this request. A claim that was never answered lapses after `lapsesAfterMs`: its process is gone.
   */
  claim(request: KeyedRequest, options: { nowMs: number; lapsesAfterMs: number; expiresAtMs: number }): Promise<Claim>;
  answer(request: KeyedRequest, answer: KeptAnswer): Promise<void>;
  /** Lets the key go: the request had no effect worth keeping. */
  release(request: KeyedRequest): Promise<void>;
}

export type KeyedRequest = {
  shop: string;
  shopper: string;
  key: string;
  /** Of method, path and body. */
  fingerprint: string;
};

export type KeptAnswer = { status: number; body: unknown };

export type Claim =
  { state: "claimed" } | { state: "running" } | { state: "answered"; answer: KeptAnswer } | { state: "other-request" };
