import { randomInt } from "node:crypto";
import {
  BrokenCircuitError,
  CircuitState,
  CountBreaker,
  DelegateBackoff,
  bulkhead,
  circuitBreaker,
  handleWhen,
  retry,
  type IRetryBackoffContext,
} from "cockatiel";
import type { Clock } from "#app/kernel/clock.ts";
import { painterBusy, paintingTookTooLong } from "./errors.ts";
import type { PaintRequest } from "./painter.ts";
import { PaintingFailure } from "./painting-failure.ts";
import { createRetryBudget, type RetryBudget } from "./retry-budget.ts";
import { NoRoomYet } from "./spend-room.ts";

/**
 * The one place where a call is tried again. Around any painter: at most three attempts with full jitter, the provider's
 * own wish for a pause honoured, one of them softer after a safety block; a budget for retries; a breaker that opens within
 * ten failed calls and tries again by itself; a limit on calls at once; a deadline over all of it.
 *
 * From the outside in: deadline, retry, limit, breaker, one attempt. The limit is inside the retry so that a pause between
 * two attempts holds nobody else up.
 */
export type PainterGuard = {
  /**
   * @param attempt - makes one call; it is told the wording, and throws {@link PaintingFailure}
   * @param nobodyWaits - ends the pauses between calls and no call; `request.signal` ends both
   * @throws PaintingFailure of the last attempt; AppError `busy` with `retryAtMs` where nothing could be tried,
   *   `painter_slow` when the deadline passed; the reason of `request.signal` when the caller gave up
   */
  run<T>(request: PaintRequest, attempt: (request: PaintRequest) => Promise<T>, nobodyWaits?: AbortSignal): Promise<T>;
  /** Until when it makes no sense to ask, milliseconds since the epoch; null when it does. */
  busyUntilMs(): number | null;
};

export type PainterGuardOptions = {
  clock: Clock;
  /** Calls at once in this process. */
  concurrency: number;
  /** For all attempts and pauses together, milliseconds. */
  deadlineMs?: number;
  attempts?: number;
  /** The pause before the second attempt is up to the first number, doubled each time up to the second; milliseconds. */
  pause?: { firstMs: number; longestMs: number };
  /** How long the breaker stays open, and at most after it has failed again; milliseconds. */
  openForMs?: { first: number; longest: number };
  retryBudget?: RetryBudget;
  /** 0 (inclusive) to 1 (exclusive). */
  random?: () => number;
  onEvent?(event: GuardEvent): void;
};

export type GuardEvent =
  | { name: "painter retried"; attempt: number; pauseMs: number; code: string }
  | { name: "painter asked softly"; code: string }
  | { name: "painter breaker opened"; forMs: number }
  | { name: "painter breaker closed" };

type Settings = Required<Omit<PainterGuardOptions, "onEvent">> & { onEvent: (event: GuardEvent) => void };

/** Ten failures among the last fourteen calls, and no fewer than ten calls to judge by. */
const breakerWindow = { size: 14, threshold: 0.7, minimumNumberOfCalls: 10 };

export function createPainterGuard(options: PainterGuardOptions): PainterGuard {
  const settings = settingsOf(options);
  const { breaker, openUntilMs } = createBreaker(settings);
  const limit = bulkhead(settings.concurrency, Infinity);
  let noRoomUntilMs = 0;

  const oneAttempt = async <T>(attempt: () => Promise<T>, between: AbortSignal, endsAtMs: number): Promise<T> => {
    for (;;) {
      between.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof NoRoomYet)) throw error;
        const freeAtMs = settings.clock.nowMs() + error.retryInMs;
        noRoomUntilMs = freeAtMs;
        if (freeAtMs >= endsAtMs) throw painterBusy(freeAtMs, error.message);
        await pauseFor(error.retryInMs, between);
      }
    }
  };

  return Object.freeze({
    async run<T>(
      request: PaintRequest,
      attempt: (request: PaintRequest) => Promise<T>,
      nobodyWaits: AbortSignal = request.signal,
    ): Promise<T> {
      const deadline = AbortSignal.timeout(settings.deadlineMs);
      const signal = AbortSignal.any([request.signal, deadline]);
      const between = AbortSignal.any([signal, nobodyWaits]);
      const endsAtMs = settings.clock.nowMs() + settings.deadlineMs;
      const course = createCourse(settings, endsAtMs);
      settings.retryBudget.firstTry();
      const call = () => attempt({ ...request, wording: course.wording(request.wording), signal });
      const guardedCall = () => breaker.execute(() => providerTroubleOnly(() => oneAttempt(call, between, endsAtMs)));
      try {
        return await course.retry.execute(async () => {
          await pauseFor(course.pauseMs(), between);
          return unpack(await limit.execute(guardedCall));
        });
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw painterBusy(openUntilMs(), "the painter's breaker is open");
        if (deadline.aborted && !request.signal.aborted) throw paintingTookTooLong(course.lastFailure() ?? error);
        throw error;
      }
    },

    busyUntilMs() {
      const untilMs = Math.max(noRoomUntilMs, breaker.state === CircuitState.Open ? openUntilMs() : 0);
      return untilMs > settings.clock.nowMs() ? untilMs : null;
    },
  });
}

function settingsOf(options: PainterGuardOptions): Settings {
  return {
    deadlineMs: 60_000,
    attempts: 3,
    pause: { firstMs: 500, longestMs: 4_000 },
    openForMs: { first: 10_000, longest: 60_000 },
    retryBudget: createRetryBudget(),
    random: () => randomInt(2 ** 32) / 2 ** 32,
    onEvent: () => undefined,
    ...options,
  };
}

function createBreaker({ clock, openForMs, onEvent }: Settings) {
  let untilMs = 0;
  const isProviderTrouble = (error: unknown): boolean =>
    error instanceof PaintingFailure
      ? error.providerIsDown
      : // A trial call that was cut short proves nothing, so the breaker does not close on it.
        breaker.state === CircuitState.HalfOpen && error instanceof Error && error.name === "AbortError";
  const breaker = circuitBreaker(handleWhen(isProviderTrouble), {
    breaker: new CountBreaker(breakerWindow),
    halfOpenAfter: new DelegateBackoff(({ attempt }: { attempt: number }) => {
      const forMs = Math.min(openForMs.longest, openForMs.first * 2 ** (attempt - 1));
      untilMs = clock.nowMs() + forMs;
      onEvent({ name: "painter breaker opened", forMs });
      return forMs;
    }),
  });
  breaker.onReset(() => onEvent({ name: "painter breaker closed" }));
  return { breaker, openUntilMs: () => untilMs };
}

/** What one request has been through: how often it was tried, and whether softer words have been used. */
function createCourse(settings: Settings, endsAtMs: number) {
  const { attempts, pause, clock, random, retryBudget, onEvent } = settings;
  let tries = 0;
  let nextPauseMs = 0;
  let softened = false;
  let last: PaintingFailure | undefined;

  const mayTryAgain = (error: unknown): boolean => {
    if (!(error instanceof PaintingFailure)) return false;
    last = error;
    tries += 1;
    if (tries >= attempts) return false;
    if (error.remedy === "soften") return !softened;
    const inTime = clock.nowMs() + (error.retryAfterMs ?? 0) < endsAtMs;
    return error.remedy === "retry" && inTime && retryBudget.takeRetry();
  };
  const planPause = ({ attempt, result }: IRetryBackoffContext<unknown>): number => {
    const failure = "error" in result && result.error instanceof PaintingFailure ? result.error : undefined;
    if (failure?.remedy === "soften") {
      softened = true;
      nextPauseMs = 0;
      onEvent({ name: "painter asked softly", code: failure.code });
      return 0;
    }
    const jitterMs = random() * Math.min(pause.longestMs, pause.firstMs * 2 ** (attempt - 1));
    nextPauseMs = Math.round(Math.max(jitterMs, failure?.retryAfterMs ?? 0));
    const code = failure?.code ?? "unknown";
    onEvent({ name: "painter retried", attempt: attempt + 1, pauseMs: nextPauseMs, code });
    // The policy's own pause does not listen to signals, so ours is made where the next attempt begins.
    return 0;
  };
  return {
    retry: retry(handleWhen(mayTryAgain), { maxAttempts: attempts - 1, backoff: new DelegateBackoff(planPause) }),
    pauseMs: () => nextPauseMs,
    wording: (wished: PaintRequest["wording"]) => (softened ? "softer" : wished),
    lastFailure: () => last,
  };
}

type Outcome<T> = { painted: T } | { failed: PaintingFailure };

/** A block or a bad photo is an answer: for the breaker, whoever answers is up. */
async function providerTroubleOnly<T>(attempt: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { painted: await attempt() };
  } catch (error) {
    if (error instanceof PaintingFailure && !error.providerIsDown) return { failed: error };
    throw error;
  }
}

function unpack<T>(outcome: Outcome<T>): T {
  if ("failed" in outcome) throw outcome.failed;
  return outcome.painted;
}

/** Ends early, with the signal's reason, when the caller gives up; an attempt that is under way is not cut short here. */
function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const giveUp = () => (clearTimeout(timer), reject(signal.reason as Error));
    const timer = setTimeout(() => (signal.removeEventListener("abort", giveUp), resolve()), ms);
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
}
