import { AppError, type AppErrorFacts } from "#app/kernel/errors.ts";
import type { PaintUsage } from "./painter.ts";

/**
 * An attempt that made no picture. Beside the sentence for the shopper it says what may be done about it, whose trouble it
 * was, and what it may have cost: a provider bills some attempts that came to nothing.
 */
export class PaintingFailure extends AppError {
  /** `retry`: the same again may work. `soften`: one more try in softer words. `none`: it will not, whatever we do. */
  readonly remedy: Remedy;
  /** A failure of the provider counts for its breaker; a block, a bad photo and a wrong key do not mean that it is down. */
  readonly providerIsDown: boolean;
  /**
   * `reported`: by `usage`. `nothing`: the provider answered with an error, which it does not bill. `unknown`: the call
   * was cut before the answer was read, so it may have been billed in full.
   */
  readonly billing: "reported" | "nothing" | "unknown";
  readonly usage: PaintUsage;
  /** How long the provider asks us to wait, milliseconds; null where it says nothing. */
  readonly retryAfterMs: number | null;

  constructor(facts: AppErrorFacts & PaintingFailureFacts) {
    super(facts);
    this.remedy = facts.remedy;
    this.providerIsDown = facts.providerIsDown;
    this.billing = facts.billing;
    this.usage = facts.usage ?? { tokens: null, finishReason: null, providerRequestId: null };
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

export type Remedy = "retry" | "soften" | "none";

export type PaintingFailureFacts = Pick<PaintingFailure, "remedy" | "providerIsDown" | "billing"> & {
  usage?: PaintUsage;
  retryAfterMs?: number | null;
};
