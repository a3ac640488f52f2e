import type { MicroUsd } from "#app/kernel/money.ts";

/**
 * The ledger's rows: one for each call of a painter, whatever came of it. A row is begun before the call, so that a crash
 * leaves a trace of money that may have been spent.
 */
export interface AttemptLog {
  begin(attempt: AttemptStart): Promise<void>;
  end(id: string, end: AttemptEnd): Promise<void>;
  /**
   * The median duration of the newest painted attempts of a model, milliseconds; null where there are none.
   * @param sample - how many of the newest attempts to look at
   */
  medianLatencyMs(model: string, sample: number): Promise<number | null>;
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
