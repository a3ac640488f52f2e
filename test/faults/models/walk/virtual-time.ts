/**
 * The time of a model: it stands still until the driver moves it to the next thing that is due. What the product's own
 * parts ask of the machine (timers, deadlines, the breaker's clock) is answered from it while a history is played, so this
 * is for processes that do nothing else.
 */
export type VirtualTime = {
  readonly nowMs: number;
  /** @returns takes it back */
  after(ms: number, work: () => void): () => void;
  sleep(ms: number): Promise<void>;
  /** Moves to the next moment at which something is due, and does all of it. @returns false when nothing is */
  moveOn(): boolean;
  /** Goes forward without doing what is due. */
  pass(ms: number): void;
};

type Due = { atMs: number; order: number; work: () => void };

export function createVirtualTime(startMs: number): VirtualTime {
  let nowMs = startMs;
  let order = 0;
  const due = new Set<Due>();
  const after: VirtualTime["after"] = (ms, work) => {
    const one = { atMs: nowMs + Math.max(0, ms), order: (order += 1), work };
    due.add(one);
    return () => due.delete(one);
  };
  const next = (): Due | undefined => {
    let first: Due | undefined;
    for (const one of due)
      if (first === undefined || one.atMs < first.atMs || (one.atMs === first.atMs && one.order < first.order))
        first = one;
    return first;
  };
  return {
    get nowMs() {
      return nowMs;
    },
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    moveOn() {
      const first = next();
      if (first === undefined) return false;
      nowMs = first.atMs;
      for (let one: Due | undefined = first; one?.atMs === nowMs; one = next()) {
        due.delete(one);
        one.work();
      }
      return true;
    },
    pass: (ms) => void (nowMs += ms),
  };
}

/** Puts the model's time in the place of the machine's. @returns puts the machine's back */
export function standInForTime(time: VirtualTime): () => void {
  const real = { setTimeout, clearTimeout, now: Date.now, timeout: AbortSignal.timeout };
  const setVirtual = (work: () => void, ms = 0) => {
    const takeBack = time.after(ms, work);
    return { takeBack, unref: () => undefined, ref: () => undefined };
  };
  const clearVirtual = (timer: { takeBack?: () => void } | undefined) => timer?.takeBack?.();
  const timeout = (ms: number): AbortSignal => {
    const controller = new AbortController();
    time.after(ms, () => controller.abort(new DOMException("The operation timed out", "TimeoutError")));
    return controller.signal;
  };
  Object.assign(globalThis, { setTimeout: setVirtual, clearTimeout: clearVirtual });
  Object.assign(AbortSignal, { timeout });
  Object.assign(Date, { now: () => time.nowMs });
  return () => {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Object.assign(AbortSignal, { timeout: real.timeout });
    Object.assign(Date, { now: real.now });
  };
}
