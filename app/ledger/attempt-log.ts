import type { MicroUsd } from "#app/kernel/money.ts";

/**
 * The ledger's rows: one for each call of a painter, whatever came of it. A row is begun before the call, so that a crash
 * leaves a trace of money that may have been spent.
 */
export interface AttemptLog {
  begin(attempt: AttemptStart): Promise<void>;
  /** Once: what has been written down of a call is never changed. */
  end(id: string, end: AttemptEnd): Promise<void>;
}

export type AttemptStart = {
  id: string;
  shop: string;
  portraitKey: string;
  style: string;
  painter: string;
  model: string;
  priceTable: string;
  startedAtMs: number;
};

export type AttemptEnd = {
  outcome: "painted" | "failed" | "aborted";
  errorCode: string | null;
  tokens: { input: number; output: number; thinking: number } | null;
  costMicroUsd: MicroUsd;
  finishReason: string | null;
  providerRequestId: string | null;
  endedAtMs: number;
  latencyMs: number;
};
