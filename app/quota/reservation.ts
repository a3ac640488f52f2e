import { claimFreesAtMs, type QuotaClaim } from "./tiers.ts";
import type { ClaimUsage, QuotaTicket, Reservation } from "./quota-store.ts";

/**
 * The state machine of a reservation, pure. A store reads the entries of a ticket's claims in a transaction, asks here what
 * follows, and writes that down. Terminal states are looked at first, so that a transaction that is run again after a
 * commit with a lost reply sees its own outcome.
 */
export type QuotaEntry = {
  subject: string;
  tier: QuotaClaim["tier"];
  /** The UTC day, or `rolling`. */
  window: string;
  requestId: string;
  /** `late`: given and never to be charged, as the hold had been given back, or had run out and its room was gone; `void`: given back. */
  state: "held" | "done" | "late" | "void";
  reservedAtMs: number;
  leaseExpiresAtMs: number;
};

export type Decision<Answer> = { answer: Answer; writes: QuotaEntry[] };

/**
 * The clocks of instances differ, and a decision is written a moment after its time was taken; milliseconds for both. A
 * hold that ends so soon may have ended for somebody else already, who has its place now: whether there is still room is
 * looked at once more.
 */
const clocksDifferByMs = 5_000;

export const windowName = (claim: QuotaClaim): string =>
  claim.window.kind === "utc-day" ? claim.window.day : "rolling";

export function decideReserve(
  entries: readonly QuotaEntry[],
  ticket: QuotaTicket,
  { nowMs, leaseMs }: { nowMs: number; leaseMs: number },
): Decision<Reservation> {
  const own = ownEntries(entries, ticket);
  if (own.some((entry) => entry.state === "done" || entry.state === "late")) {
    return { answer: { allowed: true, state: "committed" }, writes: [] };
  }
  const refusal = firstFullClaim(entries, ticket, nowMs);
  if (refusal !== undefined) return { answer: refusal, writes: [] };
  // A hold that is joined keeps the moment at which it began; one that lapsed or was given back begins anew.
  const writes = ticket.claims.map((claim) => {
    const before = own.find((entry) => isOf(entry, claim) && isLiveHold(entry, nowMs));
    return entryFor(claim, ticket.requestId, {
      state: "held",
      reservedAtMs: before?.reservedAtMs ?? nowMs,
      leaseExpiresAtMs: nowMs + leaseMs,
    });
  });
  return { answer: { allowed: true, state: "held" }, writes };
}

export function decideCommit(
  entries: readonly QuotaEntry[],
  ticket: QuotaTicket,
  { nowMs }: { nowMs: number },
): Decision<"committed" | "late"> {
  const own = ownEntries(entries, ticket);
  if (own.some((entry) => entry.state === "done")) return { answer: "committed", writes: [] };
  // Whoever is told so charges another one instead, so it stays true: what was given back is not held anew after it.
  if (own.some((entry) => entry.state === "late" || entry.state === "void")) {
    const writes = own.filter(({ state }) => state === "void").map((entry) => ({ ...entry, state: "late" as const }));
    return { answer: "late", writes };
  }
  const held = own.length === ticket.claims.length && own.every((entry) => isLiveHold(entry, nowMs + clocksDifferByMs));
  const roomLeft = held || firstFullClaim(entries, ticket, nowMs) === undefined;
  const state = roomLeft ? "done" : "late";
  const writes = ticket.claims.map((claim) => {
    const before = own.find((entry) => isOf(entry, claim));
    return entryFor(claim, ticket.requestId, {
      state,
      reservedAtMs: before?.reservedAtMs ?? nowMs,
      leaseExpiresAtMs: nowMs,
    });
  });
  return { answer: roomLeft ? "committed" : "late", writes };
}

export function decideRefund(entries: readonly QuotaEntry[], ticket: QuotaTicket): Decision<undefined> {
  const writes = ownEntries(entries, ticket)
    .filter((entry) => entry.state === "held")
    .map((entry) => ({ ...entry, state: "void" as const }));
  return { answer: undefined, writes };
}

/** What a claim has used at this moment; holds count while their lease lives. */
export function claimUsage(entries: readonly QuotaEntry[], claim: QuotaClaim, nowMs: number): ClaimUsage {
  const uses = entries
    .filter((entry) => isOf(entry, claim) && countsNow(entry, claim, nowMs))
    .map((entry) => entry.reservedAtMs)
    .sort((a, b) => a - b);
  // More than the limit can be in use where the limit was lowered; then several have to leave before there is room.
  const leaving = uses[Math.max(0, uses.length - claim.limit)];
  return { used: uses.length, freesAtMs: claimFreesAtMs(claim, leaving ?? nowMs) };
}

function firstFullClaim(
  entries: readonly QuotaEntry[],
  ticket: QuotaTicket,
  nowMs: number,
): Extract<Reservation, { allowed: false }> | undefined {
  const others = entries.filter((entry) => entry.requestId !== ticket.requestId);
  for (const claim of ticket.claims) {
    const usage = claimUsage(others, claim, nowMs);
    if (usage.used >= claim.limit) return { allowed: false, blockedBy: claim.tier, retryAtMs: usage.freesAtMs };
  }
  return undefined;
}

const ownEntries = (entries: readonly QuotaEntry[], ticket: QuotaTicket): QuotaEntry[] =>
  entries.filter((entry) => entry.requestId === ticket.requestId && ticket.claims.some((claim) => isOf(entry, claim)));

const isOf = (entry: QuotaEntry, claim: QuotaClaim): boolean =>
  entry.subject === claim.subject && entry.tier === claim.tier && entry.window === windowName(claim);

const isLiveHold = (entry: QuotaEntry, nowMs: number): boolean =>
  entry.state === "held" && entry.leaseExpiresAtMs > nowMs;

function countsNow(entry: QuotaEntry, claim: QuotaClaim, nowMs: number): boolean {
  if (entry.state !== "done" && !isLiveHold(entry, nowMs)) return false;
  return claim.window.kind === "utc-day" || entry.reservedAtMs > nowMs - claim.window.ms;
}

function entryFor(
  claim: QuotaClaim,
  requestId: string,
  rest: Pick<QuotaEntry, "state" | "reservedAtMs" | "leaseExpiresAtMs">,
): QuotaEntry {
  return { subject: claim.subject, tier: claim.tier, window: windowName(claim), requestId, ...rest };
}
