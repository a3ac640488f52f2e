import { nextUtcMidnightMs, utcDay } from "#app/kernel/clock.ts";

/**
 * Which limits a shopper's request meets. Pure: who they are, what the shop allows and what time it is give a list of
 * claims, and the store takes them all together.
 */
export type QuotaLimits = {
  /** Portraits a UTC day for a logged-in customer. */
  customerPerDay: number;
  /** Portraits a UTC day for a guest session. */
  guestPerDay: number;
  /** Portraits of any session within {@link QuotaLimits.burstWindowMs}. */
  burst: number;
  burstWindowMs: number;
  /** Portraits a UTC day for all guests behind one address. */
  addressPerDay: number;
};

export const defaultQuotaLimits: QuotaLimits = Object.freeze({
  customerPerDay: 5,
  guestPerDay: 3,
  burst: 3,
  burstWindowMs: 10 * 60 * 1000,
  addressPerDay: 20,
});

/** The shopper as the quota sees them: opaque names, no personal data. */
export type QuotaSubject = {
  /** `c:<customer>` or null for a guest. */
  customer: string | null;
  /** `s:<session>` */
  session: string;
  /** `a:<keyed hash of the address>`, or null where the address is not known. */
  address: string | null;
};

export type QuotaClaim = {
  tier: "day" | "burst" | "address";
  subject: string;
  limit: number;
  window: { kind: "utc-day"; day: string } | { kind: "rolling"; ms: number };
};

/** The day's claim comes first: it is the one that the shopper is shown. */
export function quotaClaims(subject: QuotaSubject, limits: QuotaLimits, nowMs: number): QuotaClaim[] {
  const today = { kind: "utc-day", day: utcDay(nowMs) } as const;
  const claims: QuotaClaim[] = [
    subject.customer === null
      ? { tier: "day", subject: subject.session, limit: limits.guestPerDay, window: today }
      : { tier: "day", subject: subject.customer, limit: limits.customerPerDay, window: today },
    {
      tier: "burst",
      subject: subject.session,
      limit: limits.burst,
      window: { kind: "rolling", ms: limits.burstWindowMs },
    },
  ];
  if (subject.customer === null && subject.address !== null) {
    claims.push({ tier: "address", subject: subject.address, limit: limits.addressPerDay, window: today });
  }
  return claims;
}

/**
 * When a claim that is full has room again at the latest, milliseconds since the epoch: when its own day ends, which is
 * not today where a request came at the last moment of yesterday, or when the use that has to leave a rolling window does.
 */
export function claimFreesAtMs({ window }: QuotaClaim, leavingUseMs: number): number {
  return window.kind === "utc-day" ? nextUtcMidnightMs(Date.parse(window.day)) : leavingUseMs + window.ms;
}
