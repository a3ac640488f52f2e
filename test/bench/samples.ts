/** Times of one thing done many times, milliseconds. */
export type Summary = { n: number; p50: number; p95: number; p99: number; least: number; most: number };

export function summaryOf(times: readonly number[]): Summary {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const rounded = (ms: number): number => Math.round(ms * 10) / 10;
  return {
    n: sorted.length,
    p50: rounded(at(0.5)),
    p95: rounded(at(0.95)),
    p99: rounded(at(0.99)),
    least: rounded(sorted[0] ?? 0),
    most: rounded(sorted.at(-1) ?? 0),
  };
}

/** How long each of several runs takes, one after the other, without the first ones, which only warm up. */
export async function timesOf(
  work: (run: number) => Promise<unknown>,
  { runs, warmUps }: { runs: number; warmUps: number },
): Promise<number[]> {
  const times: number[] = [];
  for (let run = -warmUps; run < runs; run++) {
    const beganMs = performance.now();
    await work(run);
    if (run >= 0) times.push(performance.now() - beganMs);
  }
  return times;
}
