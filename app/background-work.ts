import type { Log } from "#app/kernel/log.ts";

/**
 * Work that is due every now and then, whoever calls. Each piece is run at once and then again a while after it has
 * ended, so that a slow one never overtakes itself; what fails is told to the log and tried again.
 *
 * @returns stops everything and waits for what is running
 */
export function repeatInBackground(
  log: Log,
  pieces: readonly { name: string; everyMs: number; work: () => Promise<unknown> }[],
): () => Promise<void> {
  const stop = new AbortController();
  const loops = pieces.map(async ({ name, everyMs, work }) => {
    while (!stop.signal.aborted) {
      await work().catch((error: unknown) => log.error("background work failed", { name, error }));
      await pause(everyMs, stop.signal);
    }
  });
  return async () => {
    stop.abort();
    await Promise.all(loops);
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
