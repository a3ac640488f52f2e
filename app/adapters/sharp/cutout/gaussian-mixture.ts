import { kMeans, type Points } from "../filters/k-means.ts";

/** Colours of one side of the cut, as a few Gaussian clouds in a space of three dimensions. */
export type GaussianMixture = Gaussian[];

type Gaussian = {
  mean: [number, number, number];
  /** Inverse of the covariance, its six different entries: xx, xy, xz, yy, yz, zz. */
  precision: [number, number, number, number, number, number];
  /** Share of the cloud over the root of the covariance's determinant; constant factors left out. */
  logWeight: number;
};

/** Keeps a cloud of equal colours from becoming a point of infinite density; in squared Lab units. */
const leastVariance = 4;

/** Fits `count` clouds to points of three numbers, one for each cluster of colours. */
export function fitGaussianMixture(points: Points, options: { count: number; seed: number }): GaussianMixture {
  const { labels, sizes } = kMeans(points, { ...options, rounds: 6 });
  const mixture: GaussianMixture = [];
  for (let label = 0; label < options.count; label++) {
    if (sizes[label]! > 8) mixture.push(gaussianOf(points, labels, label));
  }
  return mixture;
}

/** Log of the mixture's density, up to a constant that is the same for every mixture. */
export function logLikelihood(mixture: GaussianMixture, x: number, y: number, z: number): number {
  let best = -Infinity;
  for (const { mean, precision, logWeight } of mixture) {
    const dx = x - mean[0];
    const dy = y - mean[1];
    const dz = z - mean[2];
    const [xx, xy, xz, yy, yz, zz] = precision;
    const squared = xx * dx * dx + yy * dy * dy + zz * dz * dz + 2 * (xy * dx * dy + xz * dx * dz + yz * dy * dz);
    // The nearest cloud decides: the sum differs from it only where clouds overlap, and there by less than log(count).
    best = Math.max(best, logWeight - squared / 2);
  }
  return best;
}

function gaussianOf({ values }: Points, labels: Uint8Array, label: number): Gaussian {
  const sum = [0, 0, 0];
  const products = [0, 0, 0, 0, 0, 0];
  let members = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== label) continue;
    const x = values[i * 3]!;
    const y = values[i * 3 + 1]!;
    const z = values[i * 3 + 2]!;
    members++;
    [x, y, z].forEach((value, axis) => (sum[axis] = sum[axis]! + value));
    [x * x, x * y, x * z, y * y, y * z, z * z].forEach((value, entry) => (products[entry] = products[entry]! + value));
  }
  const [mx, my, mz] = sum.map((value) => value / members) as [number, number, number];
  const means = [mx * mx, mx * my, mx * mz, my * my, my * mz, mz * mz];
  const covariance = products.map((value, entry) => value / members - means[entry]!);
  for (const diagonal of [0, 3, 5]) covariance[diagonal] = covariance[diagonal]! + leastVariance;
  const { inverse, determinant } = invert(covariance);
  return {
    mean: [mx, my, mz],
    precision: inverse,
    logWeight: Math.log(members / labels.length) - Math.log(determinant) / 2,
  };
}

/** Of a symmetric 3 × 3 matrix given by its six different entries. */
function invert(entries: number[]): { inverse: Gaussian["precision"]; determinant: number } {
  const [xx, xy, xz, yy, yz, zz] = entries as Gaussian["precision"];
  const a = yy * zz - yz * yz;
  const b = xz * yz - xy * zz;
  const c = xy * yz - xz * yy;
  const determinant = xx * a + xy * b + xz * c;
  const d = 1 / determinant;
  return {
    inverse: [a * d, b * d, c * d, (xx * zz - xz * xz) * d, (xy * xz - xx * yz) * d, (xx * yy - xy * xy) * d],
    determinant,
  };
}
