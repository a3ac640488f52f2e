import type { Blocked, Trouble } from "../studio/studio-state.ts";

/**
 * A call that did not give what was asked for. It belongs here when the shopper can be told about it: an answer of our
 * server with its code, or no answer at all (`offline`, `network`). A mistake of ours is a plain Error.
 */
export class StorefrontFault extends Error {
  override readonly name = "StorefrontFault";
  readonly code: string;
  /** The server's sentence; null where there was no answer. */
  readonly sentence: string | null;
  readonly status: number;
  readonly retryAt: string | null;

  constructor(facts: { code: string; sentence?: string | null; status?: number; retryAt?: string | null }) {
    super(facts.sentence ?? facts.code);
    this.code = facts.code;
    this.sentence = facts.sentence ?? null;
    this.status = facts.status ?? 0;
    this.retryAt = facts.retryAt ?? null;
  }
}

const blockReasons: Record<string, Blocked["reason"]> = {
  quota_none: "day",
  quota_burst: "burst",
  quota_address: "address",
  budget_spent: "budget",
  busy: "busy",
};

/** Of the photo itself: the same photo again would be refused again. */
const photoCodes = ["photo_too_large", "photo_too_small", "photo_shape", "photo_type", "photo_heic", "photo_broken"];

/** True where the photo itself was refused: it would be by any way. */
export function isPhotoRefused(fault: unknown): boolean {
  return fault instanceof StorefrontFault && (fault.code === "photo_needed" || photoCodes.includes(fault.code));
}

/** The limit that stands in the way, where the fault is one; the sale goes on, painting waits. */
export function blockedBy(fault: unknown): Blocked | null {
  const reason = fault instanceof StorefrontFault ? blockReasons[fault.code] : undefined;
  return reason ? { reason, retryAt: (fault as StorefrontFault).retryAt } : null;
}

export function troubleOf(fault: unknown): Trouble {
  if (!(fault instanceof StorefrontFault)) return { code: "unknown", message: null, retryable: true };
  return { code: fault.code, message: fault.sentence, retryable: !isPhotoRefused(fault) };
}
