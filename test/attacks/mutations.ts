/**
 * Seeded damage: the same seed makes the same ten thousand requests, so that whatever a run finds can be run again.
 */
export type Chance = {
  /** A whole number from 0 up to and without `below`. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Buffer;
};

/** Mulberry32: small, fast and good enough to be unkind with. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick: <T>(from: readonly T[]) => from[below(from.length)] as T,
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}

const oddities = [
  "",
  "%00",
  "%",
  "%ff",
  "=",
  "&&",
  "a=b",
  "%E2%80%AE",
  "%F0%9F%90%B6",
  "..%2F",
  "'\"<svg/onload=1>",
  "__proto__",
];

/** A query that was signed, damaged: most of what comes out is refused, and none of it may break anything. */
export function damageQuery(query: string, chance: Chance): string {
  const pairs = query.split("&");
  const at = chance.below(pairs.length);
  const [name = "", value = ""] = (pairs[at] ?? "").split("=");
  const ways: (() => void)[] = [
    () => void pairs.splice(at, 1),
    () => void pairs.push(pairs[at] ?? ""),
    () => void pairs.splice(at, 1, `${name}=${value}${chance.pick(oddities)}`),
    () => void pairs.splice(at, 1, `${name}=${chance.pick(oddities)}${value}`),
    () => void pairs.splice(at, 1, `${name}${chance.pick(["[]", "[0]", ".x", "%00"])}=${value}`),
    () => void pairs.splice(at, 1, `${name.toUpperCase()}=${value}`),
    () => void pairs.splice(at, 1, `${name}=${"9".repeat(chance.below(6_000))}`),
    () =>
      void pairs.push(
        `${chance.pick(["shop", "debug", "constructor", "session", "wait_ms"])}=${chance.pick(oddities)}`,
      ),
    () => void pairs.reverse(),
  ];
  chance.pick(ways)();
  return pairs.join("&");
}

/** Bytes of a picture, damaged: bits turned, cut off, pieces taken out, doubled, or another file's head put on. */
export function damageBytes(bytes: Buffer, heads: readonly Buffer[], chance: Chance): Buffer {
  const damaged = Buffer.from(bytes);
  const from = chance.below(bytes.length);
  const length = 1 + chance.below(Math.min(400, bytes.length - from));
  switch (chance.below(6)) {
    case 0:
      for (let flips = 1 + chance.below(24); flips > 0; flips--) {
        const at = chance.below(damaged.length);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << chance.below(8));
      }
      return damaged;
    case 1:
      return damaged.subarray(0, from);
    case 2:
      return Buffer.concat([damaged.subarray(0, from), damaged.subarray(from + length)]);
    case 3:
      return Buffer.concat([damaged.subarray(0, from), chance.bytes(length), damaged.subarray(from)]);
    case 4:
      return Buffer.concat([chance.pick(heads).subarray(0, 32), damaged.subarray(32)]);
    default:
      return Buffer.concat([damaged, chance.bytes(length)]);
  }
}

const junk: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  1.5,
  "",
  "\u0000",
  "x".repeat(5_000),
  [],
  {},
  [[[[[]]]]],
  { id: {} },
];

/** A JSON body, damaged: values of another kind, names that objects own already, halves, and things that are no JSON. */
export function damageJson(value: Record<string, unknown>, chance: Chance): Buffer {
  const text = JSON.stringify(value);
  const names = Object.keys(value);
  switch (chance.below(6)) {
    case 0:
      return Buffer.from(JSON.stringify({ ...value, [chance.pick(names)]: chance.pick(junk) }));
    case 1:
      return Buffer.from(text.slice(0, chance.below(text.length)));
    case 2:
      return Buffer.from(text.replace("{", `{"${chance.pick(["__proto__", "constructor", "toString"])}":{"id":"x"},`));
    case 3:
      return Buffer.from("[".repeat(chance.below(20_000)));
    case 4:
      return damageBytes(Buffer.from(text), [Buffer.from(text)], chance);
    default:
      return Buffer.from(JSON.stringify(chance.pick(junk)));
  }
}
