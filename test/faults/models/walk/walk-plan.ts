import fc from "fast-check";

/**
 * What happens in a history of the walk: what shoppers do and when, what the provider answers, and where something goes
 * wrong. A fault strikes at the n-th call of one port, so that the rare ports are struck as often as the busy ones.
 */
export type WalkPlan = {
  startMs: number;
  deeds: Deed[];
  faults: Fault[];
  /** One after the other, again from the start when they are through. */
  answers: Answer[];
  isPaid: boolean;
  /** The photo of the second take kills every process that cuts it out. */
  isPoisoned: boolean;
  /** How far the second instance's clock is ahead, milliseconds. */
  clockAheadMs: number;
};

export type Deed = {
  do: "ask" | "cancel" | "order";
  shopper: number;
  take: number;
  on: number;
  /** Since the deed before it, milliseconds. */
  afterMs: number;
};

export const faultNames = [
  "dies before",
  "dies after",
  "stalls before",
  "stalls after",
  "is slow",
  "is not reached",
  "loses its reply",
] as const;
export type Fault = { at: string; nth: number; what: (typeof faultNames)[number]; ms: number };

export type Answer = { what: "paints" | "fails" | "is cut" | "refuses" | "blocks"; takesMs: number };

export const instances = 2;
export const walkers = [
  { customer: "c:1", session: "s:1", address: "a:1" },
  { customer: "c:2", session: "s:2", address: "a:1" },
  { customer: null, session: "s:3", address: "a:1" },
] as const;

/** Every port at which an instance can meet its end; those of the queue are its own statements. */
export const portCalls = [
  "records.waitingFor",
  "records.setStage",
  "records.finish",
  "records.fail",
  "records.failOne",
  "records.cancel",
  "records.cancelledSince",
  "records.wasGiven",
  "records.decidePayer",
  "records.letPayerOff",
  "records.find",
  "records.findReady",
  "records.findActive",
  "records.insertActive",
  "records.insertSettled",
  "records.countWaiting",
  "records.forgottenJobs",
  "records.hide",
  "records.insertPending",
  "records.shopsWithOrdered",
  "records.orderedToPaint",
  "records.putInLine",
  "records.between",
  "orders.add",
  "quota.reserve",
  "quota.commit",
  "quota.refund",
  "quota.usage",
  "budget.reserve",
  "budget.settle",
  "budget.release",
  "budget.committed",
  "attempts.begin",
  "attempts.end",
  "masters.create",
  "masters.stat",
  "previews.create",
  "previews.stat",
  "objects.read",
  "remover.remove",
  "painter.paint",
  "queue.enqueue",
  "queue.fetch",
  "queue.complete",
] as const;

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true }) as unknown as fc.Arbitrary<T>;

const deed: fc.Arbitrary<Deed> = record<Deed>({
  do: fc.constantFrom("ask", "ask", "ask", "cancel", "order"),
  shopper: fc.nat({ max: walkers.length - 1 }),
  take: fc.constantFrom(1, 1, 1, 2),
  on: fc.nat({ max: instances - 1 }),
  afterMs: fc.constantFrom(0, 0, 0, 1, 3_000, 12_000, 40_000, 100_000),
});

const fault: fc.Arbitrary<Fault> = record<Fault>({
  at: fc.constantFrom(...portCalls),
  nth: fc.constantFrom(0, 0, 1, 2, 3),
  what: fc.constantFrom(...faultNames),
  // A breath, past the heartbeat, past the deadline, past the lease, past what the queue waits for.
  ms: fc.constantFrom(2_000, 15_000, 82_000, 95_000, 130_000),
});

const answer: fc.Arbitrary<Answer> = record<Answer>({
  what: fc.constantFrom("paints", "paints", "paints", "paints", "fails", "is cut", "refuses", "blocks"),
  takesMs: fc.constantFrom(0, 5_000, 20_000, 70_000),
});

const midnight = Date.parse("2026-03-30T00:00:00Z");

const anything: fc.Arbitrary<WalkPlan> = record<WalkPlan>({
  startMs: fc.constantFrom(midnight - 12 * 3_600_000, midnight - 30_000),
  deeds: fc.array(deed, { minLength: 6, maxLength: 16, size: "max" }),
  faults: fc.array(fault, { minLength: 0, maxLength: 4, size: "max" }),
  answers: fc.array(answer, { minLength: 1, maxLength: 5, size: "max" }),
  isPaid: fc.constantFrom(true, true, true, false),
  isPoisoned: fc.integer({ min: 1, max: 40 }).map((fortieth) => fortieth === 1),
  clockAheadMs: fc.constantFrom(0, 0, 2_000),
});

type Return = { leaver: number; comer: number; on: number; stallMs: number; diesAt: Fault };

const returns: fc.Arbitrary<Return> = record<Return>({
  leaver: fc.nat({ max: walkers.length - 1 }),
  comer: fc.nat({ max: walkers.length - 1 }),
  on: fc.nat({ max: instances - 1 }),
  stallMs: fc.constantFrom(15_000, 18_000, 22_000, 26_000),
  diesAt: fc.constantFrom<Fault>(
    { at: "records.decidePayer", nth: 0, what: "dies after", ms: 0 },
    { at: "quota.commit", nth: 0, what: "dies after", ms: 0 },
    { at: "records.finish", nth: 0, what: "dies before", ms: 0 },
  ),
});

/**
 * The one order in which chance hardly ever puts things: a shopper leaves a paid call and another one comes, the process
 * that paints stands still and is taken for dead, who takes over dies between charging and giving, and the first one comes
 * back before the next try. Each of the two knows of another shopper.
 */
const comesBack = fc.tuple(anything, returns).map(([plan, { leaver, comer, on, stallMs, diesAt }]): WalkPlan => {
  const deed = (what: Deed["do"], shopper: number, afterMs: number): Deed => ({
    ...{ do: what, shopper, afterMs },
    ...{ take: 1, on },
  });
  const walk = [deed("ask", leaver, 0), deed("cancel", leaver, 3_000), deed("ask", comer, 0)];
  const stall: Fault = { at: "painter.paint", nth: 0, what: "stalls after", ms: stallMs };
  return {
    ...plan,
    deeds: [...walk, ...plan.deeds.slice(0, 4)],
    faults: [stall, diesAt, ...plan.faults.slice(0, 1)],
    answers: [{ what: "paints", takesMs: 5_000 }, { what: "paints", takesMs: 0 }, ...plan.answers],
    isPaid: true,
    isPoisoned: false,
  };
});

export const walkPlans: fc.Arbitrary<WalkPlan> = fc.oneof(
  { arbitrary: anything, weight: 9 },
  { arbitrary: comesBack, weight: 1 },
);
