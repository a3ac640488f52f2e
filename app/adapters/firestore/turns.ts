/**
 * Turns in this process: who works on one of the same names comes after who came before. It is a courtesy, not a lock;
 * between processes the store decides. Without it a crowd at one shopper's documents would overtake itself again and
 * again, and most of its work would be done for nothing.
 */
export type Turns = {
  /**
   * Runs `work` when everybody who came before for any of the names is through. Taking all names at once, in one step,
   * leaves no circle in which two could wait for each other.
   * @throws the signal's reason when it is aborted before or while `work` runs; the next one's turn comes then
   */
  take<T>(names: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T>;
};

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();

  return Object.freeze({
    take<T>(names: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      const ahead = Promise.all(names.map((name) => last.get(name) ?? Promise.resolve()));
      const turn = ahead.then(() => orAborted(signal, work));
      const over = turn.then(
        () => undefined,
        () => undefined,
      );
      for (const name of names) last.set(name, over);
      void over.then(() => {
        for (const name of names) if (last.get(name) === over) last.delete(name);
      });
      return turn;
    },
  });
}

/** The outcome of `work`, or the signal's reason as soon as it is aborted; what `work` does after that is unheard. */
export async function orAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
