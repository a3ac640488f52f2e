import {
  committed,
  decideHold,
  decideRelease,
  decideSettle,
  budgetNames,
  type BudgetDecision,
  type BudgetEntry,
  type BudgetLimits,
  type BudgetName,
  type BudgetTicket,
} from "#app/ledger/budget-decisions.ts";
import { utcMonth } from "#app/kernel/clock.ts";

/**
 * Ways of keeping a budget, side by side: ours, and two that everybody writes first. The naive ones stand here to fail. A
 * call's money is held under the call's own name in the place of the request's hold, as the house does it.
 */
export type BudgetDesign = {
  /**
   * What a hold has read before it is decided. Ours reads and writes as one; who reads without a lock decides on what
   * was true a moment ago.
   */
  look(ticket: BudgetTicket, nowMs: number): unknown;
  hold(ticket: BudgetTicket, options: HoldStep, seen: unknown): boolean;
  settle(ticket: BudgetTicket, call: { callId: string; spentMicroUsd: number; nowMs: number }): void;
  release(ticket: BudgetTicket): void;
  totals(of: Pick<BudgetTicket, "shop" | "day">, nowMs: number): Sums;
};

export type HoldStep = { limits: BudgetLimits; nowMs: number; leaseMs: number; insteadOf?: string };

const nameOf = ({ shop, day, id }: Pick<BudgetEntry, "shop" | "day" | "id">): string => [shop, day, id].join("\n");

/** Every request and every call is an entry of its own; what is decided is decided and written as one. */
export function keyedHolds(): BudgetDesign {
  const entries = new Map<string, BudgetEntry>();
  const entryOf = ({ shop, day }: BudgetTicket, id: string) => entries.get(nameOf({ shop, day, id }));
  const follow = <Answer>({ answer, writes, removes }: BudgetDecision<Answer>): Answer => {
    for (const entry of writes) entries.set(nameOf(entry), entry);
    for (const entry of removes) entries.delete(nameOf(entry));
    return answer;
  };
  return {
    look: () => undefined,
    hold(ticket, options) {
      const { insteadOf, nowMs } = options;
      const others = committed(entries.values(), ticket, nowMs, ticket.requestId, insteadOf);
      const before = insteadOf === undefined ? undefined : entryOf(ticket, insteadOf);
      return follow(decideHold({ others, own: entryOf(ticket, ticket.requestId), before }, ticket, options)).allowed;
    },
    settle(ticket, call) {
      const [hold, spent] = [entryOf(ticket, ticket.requestId), entryOf(ticket, call.callId)];
      follow(decideSettle({ hold, call: spent }, ticket, call));
    },
    release: (ticket) => follow(decideRelease(entryOf(ticket, ticket.requestId))),
    totals: (of, nowMs) => committed(entries.values(), of, nowMs),
  };
}

/** Reads the totals, finds room, and adds: two that read at the same time both find it. */
export function readThenAdd(): BudgetDesign {
  const totals = createTotals();
  return {
    look: (ticket) => totals.all(ticket),
    hold(ticket, { limits }, seen) {
      if (!fitsAll(seen as Sums, ticket, limits)) return false;
      totals.add(ticket, ticket.microUsd);
      return true;
    },
    settle: (ticket, { spentMicroUsd }) => totals.add(ticket, spentMicroUsd - ticket.microUsd),
    release: (ticket) => totals.add(ticket, -ticket.microUsd),
    totals: totals.all,
  };
}

/** One counter each, raised before the call and lowered after it: right until something happens twice or not at all. */
export function addThenTakeBack(): BudgetDesign {
  const totals = createTotals();
  return {
    look: () => undefined,
    hold(ticket, { limits }) {
      if (!fitsAll(totals.all(ticket), ticket, limits)) return false;
      totals.add(ticket, ticket.microUsd);
      return true;
    },
    settle: (ticket, { spentMicroUsd }) => totals.add(ticket, spentMicroUsd - ticket.microUsd),
    release: (ticket) => totals.add(ticket, -ticket.microUsd),
    totals: totals.all,
  };
}

export type Sums = Record<BudgetName, number>;

const fitsAll = (sums: Sums, { microUsd }: BudgetTicket, limits: BudgetLimits): boolean =>
  budgetNames.every((name) => sums[name] + microUsd <= (limits[name] ?? Infinity));

function createTotals() {
  const counters = new Map<string, number>();
  const names = ({ shop, day }: Pick<BudgetTicket, "shop" | "day">): Record<BudgetName, string> => ({
    installationMonth: `* ${utcMonth(day)}`,
    shopMonth: `${shop} ${utcMonth(day)}`,
    installationDay: `* ${day}`,
    shopDay: `${shop} ${day}`,
  });
  return {
    all(of: Pick<BudgetTicket, "shop" | "day">): Sums {
      const entries = Object.entries(names(of)).map(([name, counter]) => [name, counters.get(counter) ?? 0]);
      return Object.fromEntries(entries) as Sums;
    },
    add(of: BudgetTicket, microUsd: number): void {
      for (const counter of Object.values(names(of))) counters.set(counter, (counters.get(counter) ?? 0) + microUsd);
    },
  };
}
