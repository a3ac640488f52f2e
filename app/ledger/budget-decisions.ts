import { utcMonth } from "#app/kernel/clock.ts";
import { microUsd, type MicroUsd } from "#app/kernel/money.ts";

/**
 * The rules of a budget, pure. Four budgets bind a call at once: its shop's day and month, and those of the whole
 * installation. The most that a call can cost is held in all four or in none; what it came to is taken out of that hold,
 * so that settled and held together pass no limit at any moment. A store reads the sums alone (nobody else may write until
 * the commit), asks here what follows, and writes that down.
 */
export const budgetNames = ["installationMonth", "shopMonth", "installationDay", "shopDay"] as const;
/** Months come first: where a day and a month are both spent, the month says when there is money again. */
export type BudgetName = (typeof budgetNames)[number];

/** Micro-dollars of each budget; settled, and held by a lease that lives. */
export type BudgetSums = Readonly<Record<BudgetName, MicroUsd>>;
/** Null where there is no such limit. Zero leaves only what costs nothing. */
export type BudgetLimits = Readonly<Record<BudgetName, MicroUsd | null>>;

/** The most that one call of a request can cost, in the UTC day (`YYYY-MM-DD`) in which it was wished for. */
export type BudgetTicket = { shop: string; day: string; requestId: string; microUsd: MicroUsd };

/**
 * A hold bears the name of its request, what was spent that of its call: a request whose process died in between may have
 * made two. `settled` is the end: such an entry is never changed and never removed.
 */
export type BudgetEntry = {
  shop: string;
  day: string;
  id: string;
  state: "held" | "settled";
  /** Held: what is set aside. Settled: what it came to. */
  microUsd: MicroUsd;
  /** A hold counts until then and not at it; of no meaning once settled. */
  leaseExpiresAtMs: number;
};

export type HoldAnswer = { allowed: true } | { allowed: false; blockedBy: BudgetName };
/** What of the entries is put in place or removed. A settled entry is put in place once, which is when totals grow by it. */
export type BudgetDecision<Answer> = { answer: Answer; writes: BudgetEntry[]; removes: EntryName[] };
export type EntryName = Pick<BudgetEntry, "shop" | "day" | "id">;
type State = Pick<BudgetEntry, "state"> | undefined;

export type HoldOptions = {
  limits: BudgetLimits;
  nowMs: number;
  leaseMs: number;
  /** A request whose hold, where there still is one, becomes this one. */
  insteadOf?: string;
};

/**
 * Holds the money of one call, or holds it anew: a hold that still stands is replaced, with another amount too, and so is
 * one of another name that it takes the place of. Where there is no room, both stay as they are.
 *
 * @param others - what all entries but these two holds come to, see {@link committed}
 * @param own - the entry under the request's name, whatever its state
 * @param before - the entry under the name of `insteadOf`
 */
export function decideHold(
  { others, own, before }: { others: BudgetSums; own: State; before?: State },
  ticket: BudgetTicket,
  { limits, nowMs, leaseMs, insteadOf }: HoldOptions,
): BudgetDecision<HoldAnswer> {
  // What was spent stays spent; a hold in its place would forget it when its lease runs out.
  if (own?.state === "settled") return decided({ allowed: true });
  const blockedBy = budgetNames.find((name) => !fits(ticket.microUsd, others[name], limits[name]));
  if (blockedBy !== undefined) return decided({ allowed: false, blockedBy });
  const { shop, day, requestId: id, microUsd: held } = ticket;
  const hold = { shop, day, id, state: "held", microUsd: held, leaseExpiresAtMs: nowMs + leaseMs } as const;
  const isReplaced = insteadOf !== undefined && insteadOf !== id && before?.state === "held";
  return decided({ allowed: true }, [hold], isReplaced ? [{ shop, day, id: insteadOf }] : []);
}

/**
 * Writes down what a call came to, once, and takes it out of the request's hold. Where the hold has lapsed or never was,
 * it counts all the same: money that is gone is gone.
 *
 * @param hold - the entry under the request's name
 * @param call - the entry under the call's name; the same one where a request is its own call
 * @returns what is written down of the call, now or before
 */
export function decideSettle(
  { hold, call }: { hold: BudgetEntry | undefined; call: BudgetEntry | undefined },
  { shop, day, requestId }: BudgetTicket,
  { callId, spentMicroUsd, nowMs }: { callId: string; spentMicroUsd: MicroUsd; nowMs: number },
): BudgetDecision<MicroUsd> {
  if (call?.state === "settled") return decided(call.microUsd);
  const leaseExpiresAtMs = nowMs;
  const spent = { shop, day, id: callId, state: "settled", microUsd: spentMicroUsd, leaseExpiresAtMs } as const;
  if (hold === undefined || callId === requestId || !isLiveHold(hold, nowMs)) return decided(spentMicroUsd, [spent]);
  const left = microUsd(Math.max(0, hold.microUsd - spentMicroUsd));
  return decided(spentMicroUsd, [spent, { ...hold, microUsd: left }]);
}

/** @param hold - the entry under the request's name; what is settled stays */
export function decideRelease(hold: BudgetEntry | undefined): BudgetDecision<undefined> {
  return decided(undefined, [], hold?.state === "held" ? [hold] : []);
}

/**
 * What the entries come to at this moment, in each of the four budgets of a shop and a day. Entries of other shops count
 * for the installation, entries of other days for the month.
 *
 * @param except - requests whose holds are left out; what is settled counts under every name
 */
export function committed(
  entries: Iterable<BudgetEntry>,
  { shop, day }: Pick<BudgetTicket, "shop" | "day">,
  nowMs: number,
  ...except: readonly (string | undefined)[]
): BudgetSums {
  const sums = { installationMonth: 0, shopMonth: 0, installationDay: 0, shopDay: 0 };
  for (const entry of entries) {
    const isLeftOut = entry.shop === shop && entry.day === day && except.includes(entry.id);
    if (utcMonth(entry.day) !== utcMonth(day)) continue;
    if (entry.state === "held" && (isLeftOut || !isLiveHold(entry, nowMs))) continue;
    sums.installationMonth += entry.microUsd;
    if (entry.shop === shop) sums.shopMonth += entry.microUsd;
    if (entry.day === day) sums.installationDay += entry.microUsd;
    if (entry.shop === shop && entry.day === day) sums.shopDay += entry.microUsd;
  }
  return sums;
}

/** A request of nothing passes until the money is all spent; where nothing is spent it passes whatever the limit. */
function fits(asked: MicroUsd, others: MicroUsd, limit: MicroUsd | null): boolean {
  if (limit === null) return true;
  return asked === 0 ? others === 0 || others < limit : others + asked <= limit;
}

const isLiveHold = (entry: BudgetEntry, nowMs: number): boolean =>
  entry.state === "held" && entry.leaseExpiresAtMs > nowMs;

const decided = <Answer>(
  answer: Answer,
  writes: BudgetEntry[] = [],
  removes: EntryName[] = [],
): BudgetDecision<Answer> => ({ answer, writes, removes });
