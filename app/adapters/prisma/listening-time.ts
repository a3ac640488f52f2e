/**
 * Time as this process has spent it listening. A tick counts for one however late it comes, so that a process whose own
 * thread was busy for a second does not take that second for somebody else's silence.
 */
export type ListeningTime = {
  /**
   * Calls `act` once when so much time has been listened, and between two ticks everything that had arrived was read.
   * @param ms - counted in whole ticks, upwards
   * @returns takes it back
   */
  after(ms: number, act: () => void): () => void;
};

/** @param tickMs - no shorter wait can be told apart, milliseconds */
export function createListeningTime(tickMs = 50): ListeningTime {
  const waiting = new Map<object, { ticksLeft: number; act: () => void }>();
  let ticking: NodeJS.Timeout | undefined;

  const tick = () => {
    for (const [name, wait] of [...waiting]) {
      wait.ticksLeft -= 1;
      if (wait.ticksLeft > 0 || !waiting.delete(name)) continue;
      wait.act();
    }
    if (waiting.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };

  return Object.freeze({
    after(ms: number, act: () => void) {
      const name = {};
      // The tick that is under way has begun already: it is not a whole one.
      waiting.set(name, { ticksLeft: Math.ceil(ms / tickMs) + 1, act });
      // What is waited for holds a socket, and that keeps the process; the time alone does not.
      ticking ??= setInterval(tick, tickMs).unref();
      return () => void waiting.delete(name);
    },
  });
}
