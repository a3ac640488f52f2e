import { randomInt } from "node:crypto";
import { setTimeout as pauseFor } from "node:timers/promises";
import { orAborted } from "./turns.ts";

/**
 * How long a call of Firestore may take and what is tried again in that time. A transaction of the
 * SDK pauses for a second at first, and for up to ninety when a quota is used up, while a shopper waits; so commits are
 * tried once by the SDK and again from here. Its reads cannot be kept from a second try; they end with our deadline.
 */
export type Patience = {
  /** For a whole call, with waiting and every try; milliseconds. */
  timeoutMs: number;
  /** 0 (inclusive) to 1 (exclusive). */
  random: () => number;
  /** Rejects when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

export const defaultPatience: Patience = Object.freeze({
  timeoutMs: 2_000,
  random: () => randomInt(2 ** 32) / 2 ** 32,
  sleep: (ms: number, signal: AbortSignal) => pauseFor(ms, undefined, { signal }),
});

/** The pause before the second try is up to the first number, doubled each time up to the second; milliseconds. */
const pause = { firstMs: 20, longestMs: 250 };

/**
 * Status codes after which nobody knows whether it was done, or that somebody else was at the same documents (ABORTED).
 * The next try reads again and finds its own outcome if there is one.
 */
const passing = new Set([
  1 /* CANCELLED */, 2 /* UNKNOWN */, 4 /* DEADLINE_EXCEEDED */, 10 /* ABORTED */, 13 /* INTERNAL */,
  14 /* UNAVAILABLE */,
]);

/** One call on its way: when nobody waits for it any more, and what went wrong last. */
export type Course = { signal: AbortSignal; lastError?: unknown };

/** @throws the last error as it came, or {@link DeadlinePassed} */
export async function withinPatience<T>({ timeoutMs }: Patience, work: (course: Course) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const course: Course = { signal: deadline.signal };
  const timer = setTimeout(() => deadline.abort(new DeadlinePassed(timeoutMs, course.lastError)), timeoutMs);
  try {
    return await orAborted(course.signal, () => work(course));
  } finally {
    clearTimeout(timer);
  }
}

/** Tries until it is done, is plainly refused, or nobody waits any more. Full jitter keeps those who met apart. */
export async function untilDone<T>({ random, sleep }: Patience, course: Course, attempt: () => Promise<T>): Promise<T> {
  for (let longestMs = pause.firstMs; ; longestMs = Math.min(pause.longestMs, longestMs * 2)) {
    course.signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      course.lastError = error;
    }
    await sleep(random() * longestMs, course.signal);
  }
}

export const isPassing = (error: unknown): boolean => error instanceof Overtaken || passing.has(statusOf(error) ?? 0);

/** The gRPC status of what the SDK threw. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;

/** Somebody else changed a document between our look at it and our commit: nothing was written. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}

export class DeadlinePassed extends Error {
  override readonly name = "DeadlinePassed";
  constructor(timeoutMs: number, lastError: unknown) {
    const before = lastError instanceof Error ? `; before that: ${lastError.message}` : "";
    super(`no answer within ${timeoutMs} ms${before}`, { cause: lastError });
  }
}
