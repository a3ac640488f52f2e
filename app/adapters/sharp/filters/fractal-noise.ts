import { newPlane, type Plane, type Size } from "../raster.ts";
import { scramble } from "../seeded-random.ts";

export type FractalNoiseOptions = {
  /** Size in pixels of the largest blobs; finer octaves halve it. */
  cell: number;
  octaves: number;
  seed: number;
  /** Share of each finer octave against the one before it; 0.5 by default. */
  gain?: number;
  /** How many times longer blobs are across than down; 1 by default. */
  stretch?: number;
};

/** Standard deviation of one octave before it is normalised: uniform random numbers through a cubic B-spline. */
const octaveDeviation = 0.277;

/**
 * Smooth fractal noise with mean 0 and a standard deviation of 1, from random lattices blended by cubic B-splines (no
 * visible grid). It depends on the position measured in cells, so the same seed gives the same shapes at every resolution.
 */
export function fractalNoise(size: Size, options: FractalNoiseOptions): Plane {
  const { octaves, seed, gain = 0.5, stretch = 1 } = options;
  const noise = newPlane(size);
  let power = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const amplitude = gain ** octave;
    power += amplitude * amplitude;
    const cell = options.cell / 2 ** octave;
    addOctave(noise, size, { across: cell * stretch, down: cell, amplitude, seed: scramble(seed + octave * 0x632b) });
  }
  const normalise = 1 / (octaveDeviation * Math.sqrt(power));
  for (let i = 0; i < noise.length; i++) noise[i] = noise[i]! * normalise;
  return noise;
}

type Octave = { across: number; down: number; amplitude: number; seed: number };

function addOctave(noise: Plane, { width, height }: Size, { across, down, amplitude, seed }: Octave): void {
  const columns = Math.ceil(width / across) + 4;
  const column = new Int32Array(width);
  const weights = new Float32Array(width * 4);
  const spline = new Float32Array(4);
  for (let x = 0; x < width; x++) {
    const at = x / across;
    column[x] = Math.floor(at);
    splineWeights(at - Math.floor(at), spline);
    weights.set(spline, x * 4);
  }
  const line = new Float32Array(columns);
  for (let y = 0; y < height; y++) {
    const at = y / down;
    const latticeRow = Math.floor(at);
    splineWeights(at - latticeRow, spline);
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let r = 0; r < 4; r++) sum += spline[r]! * latticeValue(c, latticeRow + r, seed);
      line[c] = sum * amplitude;
    }
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const c = column[x]!;
      const w = x * 4;
      noise[row + x] =
        noise[row + x]! +
        line[c]! * weights[w]! +
        line[c + 1]! * weights[w + 1]! +
        line[c + 2]! * weights[w + 2]! +
        line[c + 3]! * weights[w + 3]!;
    }
  }
}

/** From -1 to 1, the same for the same lattice point and seed. */
function latticeValue(column: number, row: number, seed: number): number {
  return scramble(seed ^ Math.imul(column + 1, 0x85ebca6b) ^ Math.imul(row + 1, 0xc2b2ae35)) / 2147483648 - 1;
}

function splineWeights(t: number, weights: Float32Array): void {
  const rest = 1 - t;
  weights[0] = (rest * rest * rest) / 6;
  weights[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
  weights[2] = (3 * rest * rest * rest - 6 * rest * rest + 4) / 6;
  weights[3] = (t * t * t) / 6;
}
