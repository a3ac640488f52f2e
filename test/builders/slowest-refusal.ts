import { report } from "#test/faults/figures.ts";

/**
 * How long somebody waits to be told that it does not go on: 503 in less than 2.5 seconds is the promise (R12). What was
 * seen is written down for the reader; no test depends on a time.
 */
export function watchRefusals(what: string) {
  let slowestMs = 0;
  let count = 0;
  return {
    /** Takes the time of a call that is going to be refused. */
    async timed<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
      const beganMs = performance.now();
      const answer = await ask();
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
      count += 1;
      return answer;
    },
    report(): void {
      if (count > 0)
        report(
          "R12",
          `${what}: ${count} ${count === 1 ? "call" : "calls"} refused, the slowest after ${(slowestMs / 1000).toFixed(2)} s`,
        );
    },
  };
}
