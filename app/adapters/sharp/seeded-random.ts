/** A number source that gives the same numbers for the same seed, on every machine. */
export type Random = {
  /** From 0 up to, not including, 1. */
  next(): number;
  between(least: number, most: number): number;
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number;
};

/** Steps of a fixed size around the 32-bit circle, each scrambled: short, fast, and good enough for paint. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    return scramble(state) / 4294967296;
  };
  return {
    next,
    between: (least, most) => least + (most - least) * next(),
    below: (count) => Math.floor(next() * count),
  };
}

/** Spreads every bit of a 32-bit number over all bits of another. */
export function scramble(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** A seed of its own for one part of a picture, so that a new random number in one part leaves the others alone. */
export function seedFor(seed: number, part: string): number {
  let hash = seed >>> 0;
  for (let i = 0; i < part.length; i++) hash = scramble(hash ^ Math.imul(part.charCodeAt(i), 0x01000193));
  return hash;
}
