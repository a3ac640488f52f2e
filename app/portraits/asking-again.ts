import { isAppError } from "#app/kernel/errors.ts";

/**
 * The books as a making sees them. A shopper is told that they do not answer and comes again; a making may have a picture
 * in hand that was paid for, and a server that is started anew is back in seconds. So a making asks again, and can: all
 * that it writes is named by what it is about, and to write it twice is to write it once.
 */
export type AskAgain = {
  /** For a call with all its tries, milliseconds. */
  patienceMs: number;
  pauseMs: number;
};

export const usualAskAgain: AskAgain = Object.freeze({ patienceMs: 25_000, pauseMs: 500 });

/**
 * @param port - of functions only
 * @returns the port, whose calls are made again while they end as `unavailable`
 */
export function askingAgain<Port extends object>(port: Port, { patienceMs, pauseMs }: AskAgain = usualAskAgain): Port {
  const again = async (call: () => Promise<unknown>): Promise<unknown> => {
    const endsMs = performance.now() + patienceMs;
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const isUnavailable = isAppError(error) && error.kind === "unavailable";
        if (!isUnavailable || performance.now() + pauseMs > endsMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };
  const calls = Object.entries(port).map(([name, call]) => [
    name,
    (...given: unknown[]) => again(() => (call as (...args: unknown[]) => Promise<unknown>)(...given)),
  ]);
  return Object.freeze(Object.fromEntries(calls)) as Port;
}
