/**
 * What one thing takes more than another one that was measured beside it, in the same round: the median of the differences,
 * and the range in which the true median lies with 95 % confidence. Where zero lies in it, nothing is shown to differ.
 * Distribution-free: the order statistics that a sign test does not refuse (Conover, Practical Nonparametric Statistics, 3.2).
 */
export type Difference = { n: number; p50: number; from: number; to: number };

export function differenceOf(differences: readonly number[]): Difference {
  const sorted = differences.toSorted((a, b) => a - b);
  const n = sorted.length;
  const outside = ranksOutside(n);
  const at = (rank: number): number => Math.round((sorted[rank] ?? NaN) * 10) / 10;
  return { n, p50: middleOf(sorted), from: at(outside), to: at(n - 1 - outside) };
}

function middleOf(sorted: readonly number[]): number {
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return Math.round(((low + high) / 2) * 10) / 10;
}

/** The most that may be left out on each side: of n fair coins so few, or fewer, fall on one side in less than one of forty tries. */
function ranksOutside(n: number): number {
  let ways = 1;
  let below = 0;
  for (let heads = 0; heads < n; heads++) {
    below += ways / 2 ** n;
    if (below > 0.025) return Math.max(0, heads - 1);
    ways = (ways * (n - heads)) / (heads + 1);
  }
  return 0;
}
