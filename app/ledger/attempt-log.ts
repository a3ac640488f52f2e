import type { MicroUsd } from "#app/kernel/money.ts";
import type { TokenCounts } from "#app/kernel/token-counts.ts";

/**
 * The ledger's rows: one for each call of a painter, whatever came of it. A row is begun before the call, so that a crash
 * leaves a trace of money that may have been spent.
 */
export interface AttemptLog {
  /**
   * Begins a row where the provider's spending limit has room for the most that the call can cost. What is at work counts
   * with that most, what has ended with what it came to; all instances that share the log share the limit.
   * @returns how long until something leaves the window, where there is no room; no row is begun then
   */
  begin(attempt: AttemptStart, limit?: SpendingLimit): Promise<{ begun: true } | { begun: false; retryInMs: number }>;
  /** Once: what has been written down of a call is never changed. */
  end(id: string, end: AttemptEnd): Promise<void>;
  /** Calls that were begun before then and have not ended, oldest first: their process is no more. */
  abandoned(beforeMs: number, limit: number): Promise<AbandonedCall[]>;
}

export type AbandonedCall = Pick<AttemptStart, "id" | "shop" | "budgetDay" | "startedAtMs" | "highestMicroUsd">;

/** What the provider lets a project spend within a rolling window before it refuses more. */
export type SpendingLimit = { windowMs: number; microUsd: MicroUsd };

export type AttemptStart = {
  id: string;
  shop: string;
  /** The UTC day whose budget it is paid from, `YYYY-MM-DD`: the one of the wish, which may be the day before the call. */
  budgetDay: string;
  portraitKey: string;
  style: string;
  painter: string;
  model: string;
  priceTable: string;
  highestMicroUsd: MicroUsd;
  wording: "usual" | "softer";
  startedAtMs: number;
};

export type AttemptEnd = {
  outcome: "painted" | "failed" | "aborted";
  errorCode: string | null;
  tokens: TokenCounts | null;
  costMicroUsd: MicroUsd;
  /**
   * `reported`: worked out from the provider's tokens. `nothing`: it answered with an error, which it does not bill.
   * `assumed`: the call was cut before the answer was read; the highest price stands, because it may have been billed.
   */
  billing: "reported" | "nothing" | "assumed";
  finishReason: string | null;
  providerRequestId: string | null;
  endedAtMs: number;
  latencyMs: number;
};
