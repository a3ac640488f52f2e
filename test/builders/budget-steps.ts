import fc from "fast-check";
import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";

/** What can happen in the history of two shops' money, and what the histories must have passed through. */
export type MoneyStep =
  /** `among`: other steps that come between the look and the hold, where a design has nothing that keeps them apart. */
  | { do: "hold"; request: number; price: number; again: boolean; late: boolean }
  /** A call begins: its money is held under its own name, in the place of the request's. */
  | { do: "call"; request: number; price: number; again: boolean }
  /** It ends and has cost so many hundredths of what was held. */
  | { do: "settle"; request: number; percent: number; again: boolean }
  | { do: "release"; request: number; again: boolean }
  /** The process dies; its calls are never heard of again until somebody settles them with the most they can cost. */
  | { do: "crash"; request: number }
  | { do: "settle what is abandoned" }
  | { do: "wait"; ms: number }
  | { do: "wait for midnight"; lessMs: number }
  | { do: "set limits"; to: number };

export const prices = [10, 40, 90] as const;
export const moneyShops = ["a.shop", "b.shop"] as const;

/** As they are set, lower, and without some of them. */
export const moneyLimits: readonly [BudgetLimits, ...BudgetLimits[]] = [
  { shopDay: 200, installationDay: 300, shopMonth: 500, installationMonth: 700 },
  { shopDay: 100, installationDay: 150, shopMonth: 300, installationMonth: 400 },
  { shopDay: 200, installationDay: null, shopMonth: 300, installationMonth: null },
];

const pathNames = [
  "hold",
  "hold anew",
  "refused by shopDay",
  "refused by shopMonth",
  "refused by installationDay",
  "refused by installationMonth",
  "call",
  "call refused",
  "settle",
  "settle after the hold lapsed",
  "settle beside another hold",
  "settle again",
  "second call of a request",
  "release",
  "release of nothing",
  "abandoned call settled",
  "dead man's call settled twice",
  "lapse",
  "crash",
  "run again",
  "limits lowered",
  "day change",
  "month change",
] as const;

export type MoneyPaths = Record<(typeof pathNames)[number], number>;

export const noMoneyPaths = (): MoneyPaths => Object.fromEntries(pathNames.map((name) => [name, 0])) as MoneyPaths;

const request = fc.nat({ max: 7 });
const price = fc.constantFrom(...prices);
const again = fc.integer({ min: 1, max: 8 }).map((eighth) => eighth === 1);
const late = fc.integer({ min: 1, max: 3 }).map((third) => third === 1);
const percent = fc.constantFrom(0, 25, 75, 100);
const waits = [1, 5_000, 45_000, 89_999, 90_000, 200_000, 419_999, 420_000];

const of = <Name extends string, Rest extends object>(name: Name, rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> }) =>
  fc.record({ do: fc.constant(name), ...rest }, { noNullPrototype: true }) as unknown as fc.Arbitrary<
    { do: Name } & Rest
  >;

const step: fc.Arbitrary<MoneyStep> = fc.oneof(
  { weight: 8, arbitrary: of("hold", { request, price, again, late }) },
  { weight: 6, arbitrary: of("call", { request, price, again }) },
  { weight: 6, arbitrary: of("settle", { request, percent, again }) },
  { weight: 3, arbitrary: of("release", { request, again }) },
  { weight: 2, arbitrary: of("crash", { request }) },
  { weight: 2, arbitrary: of("settle what is abandoned", {}) },
  { weight: 3, arbitrary: of("wait", { ms: fc.constantFrom(...waits) }) },
  { weight: 1, arbitrary: of("wait for midnight", { lessMs: fc.constantFrom(0, 1, 2_000) }) },
  { weight: 1, arbitrary: of("set limits", { to: fc.nat({ max: moneyLimits.length - 1 }) }) },
);

/** At least forty steps, as for the quota. */
export const moneyHistories = fc.array(step, { minLength: 40, maxLength: 160, size: "max" });
