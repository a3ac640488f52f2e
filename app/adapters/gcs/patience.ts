import { randomInt } from "node:crypto";
import { AppError, isAppError } from "#app/kernel/errors.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { createStorageWatch, type StorageWatch } from "./storage-watch.ts";

/**
 * How long we wait for Cloud Storage and how often we ask again. One layer does all the repeating, because only the verb
 * knows whether a second try is the same as the first: a write without an answer may have been made.
 */
export type Patience = {
  /** For a verb with all its tries. */
  deadlineMs: number;
  /** Longest wait before the second try; it doubles from try to try, and what is waited is a random part of it. */
  firstWaitMs: number;
  longestWaitMs: number;
  /**
   * Past the deadline a verb is still waited for while the service answers others, up to this, milliseconds: a crowd of
   * ours in front of a service that is well is no outage. Absent: the deadline is the end.
   */
  busyMs?: number;
  /** Does not even try while the service is known not to answer. */
  failsFast?: boolean;
};

export const usualPatience: Patience = Object.freeze({ deadlineMs: 10_000, firstWaitMs: 100, longestWaitMs: 2_000 });

/** Somebody waits for the answer, and gets one within two and a half seconds. */
export const shoppersPatience: Patience = Object.freeze({
  deadlineMs: 1_500,
  firstWaitMs: 100,
  longestWaitMs: 400,
  busyMs: 10_000,
  failsFast: true,
});

/**
 * A picture that was paid for is at stake: it is kept, and where that fails looked for once. What the queue allows a making
 * beyond its own deadline is thirty seconds.
 */
export const makingsPatience: Patience = Object.freeze({ ...usualPatience, deadlineMs: 15_000 });

/** After this a caller may ask again, milliseconds. */
const comeBackMs = 5_000;

/** Trouble that another try may not meet; thrown by our own checks, beside what the service and the network throw. */
export class PassingTrouble extends Error {
  override readonly name = "PassingTrouble";
  /** Whether a person should look, should it not pass. */
  readonly report: boolean;
  constructor(message: string, { report = false }: { report?: boolean } = {}) {
    super(message);
    this.report = report;
  }
}

class OutOfTime extends PassingTrouble {}

/** What a verb is done with; the watch is shared by all who ask the same service. */
export type Course = { clock: Clock; patience: Patience; watch?: StorageWatch };

/**
 * Runs the work until it gives an answer, trouble that does not pass, or the deadline.
 * @throws AppError `busy` (`unavailable`, with `retryAtMs`): the service does not answer, or answers what it should not
 */
export async function patiently<T>(
  work: () => Promise<T>,
  { clock, patience, watch = createStorageWatch() }: Course,
): Promise<T> {
  const begunMs = performance.now();
  if (patience.failsFast === true && watch.isSilent()) throw storageTrouble(new OutOfTime(silentYet), clock);
  const time = timeFor(patience, watch, begunMs);
  let before: unknown;
  for (let waitMs = patience.firstWaitMs; ; waitMs = Math.min(2 * waitMs, patience.longestWaitMs)) {
    try {
      const answer = await inTime(work(), time);
      watch.heard();
      return answer;
    } catch (error) {
      if (isAppError(error) || isMistake(error)) throw error;
      if (!isPassing(error)) watch.heard();
      const pauseMs = randomInt(Math.ceil(waitMs / 2), waitMs + 1);
      // What cut the last try short says less than what had gone wrong before.
      const trouble = error instanceof OutOfTime && before !== undefined ? before : error;
      const isOver = error instanceof OutOfTime || time.leftMs() <= pauseMs;
      if (isPassing(error) && isOver) watch.gaveUp(begunMs);
      if (!isPassing(error) || isOver) throw storageTrouble(trouble, clock);
      before = error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

const silentYet = "Cloud Storage did not answer a moment ago";

type Time = { leftMs(): number };

/** The deadline, which moves while the service answers others. */
function timeFor({ deadlineMs, busyMs }: Patience, watch: StorageWatch, begunMs: number): Time {
  return {
    leftMs() {
      const nowMs = performance.now();
      const leftMs = begunMs + deadlineMs - nowMs;
      if (leftMs > 0 || busyMs === undefined) return leftMs;
      return Math.min(watch.speaksUntilMs(), begunMs + busyMs) - nowMs;
    },
  };
}

async function inTime<T>(work: Promise<T>, time: Time): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const wait = (leftMs: number) => {
      timer = setTimeout(() => {
        const moreMs = time.leftMs();
        if (moreMs > 0) return wait(moreMs);
        reject(new OutOfTime("Cloud Storage did not answer in time"));
      }, leftMs);
    };
    wait(Math.max(0, time.leftMs()));
  });
  // What comes after the deadline is nobody's any more.
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The HTTP status of what the SDK threw; undefined where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  const status = Number(code);
  return Number.isInteger(status) && status >= 300 && status < 600 ? status : undefined;
}

/**
 * A bucket that is missing answers as an object that is missing does, and only the sentence tells them apart. Taken for
 * an empty bucket it would be believed that everything was deleted.
 */
export function isAbsent(error: unknown): boolean {
  return statusOf(error) === 404 && !/bucket does not exist/i.test((error as Error).message);
}

const passingStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** No status is no answer: the connection was refused, reset, cut or too slow, and each of these may be otherwise soon. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || passingStatuses.has(status);
}

/** Ours, not the service's. A failed connection can come as a TypeError too, but then it has a cause. */
const isMistake = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof TypeError && error.cause === undefined);

/** What does not pass (403, a missing bucket) is a setting of ours: the shopper hears the same, and we hear of it. */
export function storageTrouble(cause: unknown, clock: Clock): AppError {
  const status = statusOf(cause);
  return new AppError({
    code: "busy",
    kind: "unavailable",
    publicMessage: "We cannot reach your photos just now. Please try again in a moment.",
    message: `Cloud Storage: ${status ?? "no answer"}, ${cause instanceof Error ? cause.message.slice(0, 300) : "unknown"}`,
    retryAtMs: clock.nowMs() + comeBackMs,
    report: cause instanceof PassingTrouble ? cause.report : !isPassing(cause),
    cause,
  });
}
