import fc from "fast-check";
import type { QuotaLimits, QuotaSubject } from "#app/quota/tiers.ts";

/** What can happen in the history of a quota, and what the histories must have passed through to mean anything. */
export type Step =
  /** `again`: the reply of what was applied is lost, and it is decided once more. */
  | { do: "reserve" | "commit" | "refund"; request: number; on: number; again: boolean }
  /** The process that held it dies; the shopper asks anew. */
  | { do: "crash"; request: number }
  | { do: "wait"; ms: number }
  | { do: "wait for midnight"; lessMs: number }
  | { do: "set limits"; to: number };

/** How far the clock of each instance is ahead, milliseconds; the last one is the furthest. */
export const instanceClocks = [0, 700, 2_000] as const;

/** Two guests behind one address, and a customer. */
export const shoppers: readonly QuotaSubject[] = [
  { customer: null, session: "s:1", address: "a:1" },
  { customer: null, session: "s:2", address: "a:1" },
  { customer: "c:3", session: "s:3", address: "a:1" },
];

/** As the shop sets them: as they were, lower, and lower still. */
export const limitsOverTime: readonly [QuotaLimits, ...QuotaLimits[]] = [
  { customerPerDay: 3, guestPerDay: 3, burst: 2, burstWindowMs: 600_000, addressPerDay: 4 },
  { customerPerDay: 2, guestPerDay: 2, burst: 2, burstWindowMs: 600_000, addressPerDay: 2 },
  { customerPerDay: 1, guestPerDay: 1, burst: 1, burstWindowMs: 600_000, addressPerDay: 1 },
];

const pathNames = [
  "hold",
  "join",
  "replay",
  "refused by day",
  "refused by burst",
  "refused by address",
  "refused above a lowered limit",
  "refund",
  "lease expiry",
  "late",
  "overtaken by a faster clock",
  "commit",
  "commit after expiry",
  "commit after refund",
  "duplicate delivery",
  "reserve run again",
  "commit run again",
  "late run again",
  "refund run again",
  "crash",
  "another instance",
  "limits lowered",
  "day change",
] as const;

export type Paths = Record<(typeof pathNames)[number], number>;

export const noPaths = (): Paths => Object.fromEntries(pathNames.map((name) => [name, 0])) as Paths;

// Around the end of a lease (as each clock sees it) and around the end of the rolling window.
const waits = [
  1, 1_000, 5_000, 45_000, 87_999, 88_500, 89_000, 89_500, 89_700, 89_999, 90_000, 90_001, 200_000, 599_999, 600_000,
];
const midnights = [0, 1, 700, 1_999, 2_000];

const request = fc.nat({ max: 8 });
const on = fc.nat({ max: instanceClocks.length - 1 });
const again = fc.integer({ min: 1, max: 8 }).map((eighth) => eighth === 1);
const deed = <Deed extends "reserve" | "commit" | "refund">(name: Deed) =>
  fc.record({ do: fc.constant(name), request, on, again }, { noNullPrototype: true });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: deed("reserve") },
  { weight: 5, arbitrary: deed("commit") },
  { weight: 2, arbitrary: deed("refund") },
  { weight: 4, arbitrary: request.map((of) => ({ do: "crash" as const, request: of })) },
  { weight: 4, arbitrary: fc.constantFrom(...waits).map((ms) => ({ do: "wait" as const, ms })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...midnights).map((lessMs) => ({ do: "wait for midnight" as const, lessMs })),
  },
  {
    weight: 1,
    arbitrary: fc.nat({ max: limitsOverTime.length - 1 }).map((to) => ({ do: "set limits" as const, to })),
  },
);

/** At least forty steps: with a handful nothing can go wrong that is worth finding. */
export const histories = fc.array(step, { minLength: 40, maxLength: 160, size: "max" });
