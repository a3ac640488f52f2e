import {
  claimUsage,
  decideCommit,
  decideRefund,
  decideReserve,
  windowName,
  type Decision,
  type QuotaEntry,
} from "#app/quota/reservation.ts";
import type { QuotaTicket } from "#app/quota/quota-store.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";

/**
 * Ways of counting a quota, side by side: ours, and the two that everybody writes first. The naive ones stand here to
 * fail: a check that lets them pass checks nothing.
 */
export type QuotaDesign = {
  /** Whether what is only held is counted as used. */
  countsHolds: boolean;
  reserve(ticket: QuotaTicket, nowMs: number): "held" | "committed" | "refused";
  commit(ticket: QuotaTicket, nowMs: number): "committed" | "late";
  refund(ticket: QuotaTicket): void;
  used(claim: QuotaClaim, nowMs: number): number;
};

export const leaseMs = 90_000;

/** Every request is an entry of its own under its id; what is decided is written down as one. */
export function keyedReservations(): QuotaDesign {
  // By claim and then by request, so that a decision reads what a store would read.
  const rows = new Map<string, Map<string, QuotaEntry>>();
  const entriesOf = (claims: readonly QuotaClaim[]): QuotaEntry[] =>
    claims.flatMap((claim) => [...(rows.get(nameOf(claim))?.values() ?? [])]);
  const decide = <Answer>(ticket: QuotaTicket, rule: (entries: QuotaEntry[]) => Decision<Answer>): Answer => {
    const { answer, writes } = rule(entriesOf(ticket.claims));
    for (const entry of writes) {
      const name = [entry.subject, entry.tier, entry.window].join("\n");
      const ofClaim = rows.get(name) ?? new Map<string, QuotaEntry>();
      rows.set(name, ofClaim.set(entry.requestId, entry));
    }
    return answer;
  };
  return {
    countsHolds: true,
    reserve(ticket, nowMs) {
      const answer = decide(ticket, (entries) => decideReserve(entries, ticket, { nowMs, leaseMs }));
      return answer.allowed ? answer.state : "refused";
    },
    commit: (ticket, nowMs) => decide(ticket, (entries) => decideCommit(entries, ticket, { nowMs })),
    refund: (ticket) => decide(ticket, (entries) => decideRefund(entries, ticket)),
    used: (claim, nowMs) => claimUsage(entriesOf([claim]), claim, nowMs).used,
  };
}

/** Looks whether there is room, and counts when the work is done. */
export function checkThenCount(): QuotaDesign {
  const uses = createCounters();
  return {
    countsHolds: false,
    reserve: ({ claims }, nowMs) =>
      claims.some((claim) => uses.count(claim, nowMs) >= claim.limit) ? "refused" : "held",
    commit({ claims }, nowMs) {
      for (const claim of claims) uses.add(claim, nowMs);
      return "committed";
    },
    refund: () => undefined,
    used: uses.count,
  };
}

/** Counts before the work and takes the count back when the work fails. */
export function countThenGiveBack(): QuotaDesign {
  const uses = createCounters();
  return {
    countsHolds: true,
    reserve({ claims }, nowMs) {
      if (claims.some((claim) => uses.count(claim, nowMs) >= claim.limit)) return "refused";
      for (const claim of claims) uses.add(claim, nowMs);
      return "held";
    },
    commit: () => "committed",
    refund({ claims }) {
      for (const claim of claims) uses.remove(claim);
    },
    used: uses.count,
  };
}

function createCounters() {
  const times = new Map<string, number[]>();
  const of = (claim: QuotaClaim): number[] => {
    const known = times.get(nameOf(claim)) ?? [];
    times.set(nameOf(claim), known);
    return known;
  };
  return {
    add: (claim: QuotaClaim, nowMs: number) => void of(claim).push(nowMs),
    remove: (claim: QuotaClaim) => void of(claim).pop(),
    count: (claim: QuotaClaim, nowMs: number) => {
      const { window } = claim;
      return of(claim).filter((at) => window.kind === "utc-day" || at > nowMs - window.ms).length;
    },
  };
}

const nameOf = (claim: QuotaClaim): string => [claim.subject, claim.tier, windowName(claim)].join("\n");
