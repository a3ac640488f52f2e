/** The attempt took as long as it may. Nobody's wish: told apart from a caller who gave up. */
export class AttemptTimedOut extends Error {
  override readonly name = "AttemptTimedOut";
}

/**
 * Runs one attempt until it ends, until its time is over or until the caller gives up, whichever is first. The attempt is
 * told to stop and not waited for: a call that hangs where no signal reaches it, such as in a sign-in, must not hang us.
 *
 * @throws AttemptTimedOut when the time is over; the reason of `signal`, unchanged, when the caller gave up
 */
export async function withinTime<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<T> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const ended = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason as Error), { once: true });
  });
  const timer = setTimeout(() => stop.abort(new AttemptTimedOut(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const giveUp = () => stop.abort(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([ended, attempt(stop.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}
