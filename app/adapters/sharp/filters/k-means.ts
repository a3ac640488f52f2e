import { seededRandom } from "../seeded-random.ts";

/** Points laid end to end, `dimensions` numbers each. */
export type Points = { values: Float32Array; dimensions: number };

export type Clusters = { centres: Float32Array; sizes: Uint32Array; labels: Uint8Array };

/**
 * Lloyd's k-means, started far apart (Arthur and Vassilvitskii's k-means++, 2007). An emptied cluster keeps its centre.
 *
 * @param count - clusters, at most 255
 */
export function kMeans(points: Points, options: { count: number; rounds: number; seed: number }): Clusters {
  const { values, dimensions } = points;
  const labels = new Uint8Array(values.length / dimensions);
  const centres = farApart(points, options.count, options.seed);
  let sizes = new Uint32Array(options.count);
  for (let round = 0; round < options.rounds; round++) {
    assign(points, centres, labels);
    sizes = recentre(points, centres, labels);
  }
  assign(points, centres, labels);
  return { centres, sizes, labels };
}

export function squaredDistance(
  a: Float32Array,
  aFrom: number,
  b: Float32Array,
  bFrom: number,
  dimensions: number,
): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const difference = a[aFrom + d]! - b[bFrom + d]!;
    sum += difference * difference;
  }
  return sum;
}

function farApart({ values, dimensions }: Points, count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const total = values.length / dimensions;
  const centres = new Float32Array(count * dimensions);
  const nearest = new Float64Array(total).fill(Infinity);
  let chosen = random.below(total);
  for (let c = 0; c < count; c++) {
    centres.set(values.subarray(chosen * dimensions, (chosen + 1) * dimensions), c * dimensions);
    let sum = 0;
    for (let i = 0; i < total; i++) {
      nearest[i] = Math.min(nearest[i]!, squaredDistance(values, i * dimensions, centres, c * dimensions, dimensions));
      sum += nearest[i]!;
    }
    let left = random.next() * sum;
    chosen = 0;
    while (chosen < total - 1 && (left -= nearest[chosen]!) > 0) chosen++;
  }
  return centres;
}

function assign({ values, dimensions }: Points, centres: Float32Array, labels: Uint8Array): void {
  const count = centres.length / dimensions;
  for (let i = 0; i < labels.length; i++) {
    let best = Infinity;
    for (let c = 0; c < count; c++) {
      const distance = squaredDistance(values, i * dimensions, centres, c * dimensions, dimensions);
      if (distance >= best) continue;
      best = distance;
      labels[i] = c;
    }
  }
}

function recentre({ values, dimensions }: Points, centres: Float32Array, labels: Uint8Array): Uint32Array<ArrayBuffer> {
  const sizes = new Uint32Array(centres.length / dimensions);
  const sums = new Float64Array(centres.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    sizes[label] = sizes[label]! + 1;
    for (let d = 0; d < dimensions; d++) {
      const at = label * dimensions + d;
      sums[at] = sums[at]! + values[i * dimensions + d]!;
    }
  }
  for (let at = 0; at < centres.length; at++) {
    const members = sizes[Math.floor(at / dimensions)]!;
    if (members > 0) centres[at] = sums[at]! / members;
  }
  return sizes;
}
