import { utcDay } from "#app/kernel/clock.ts";
import type { QuotaTicket } from "#app/quota/quota-store.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";

/** Tickets of the quota at an instant that is nobody's midnight. */
const noon = Date.parse("2026-03-29T12:00:00Z");

export const aDay = 24 * 60 * 60 * 1000;

export const at = (afterMs = 0): number => noon + afterMs;

export const dayClaim = (subject: string, limit: number, nowMs = noon): QuotaClaim => ({
  tier: "day",
  subject,
  limit,
  window: { kind: "utc-day", day: utcDay(nowMs) },
});

export const burstClaim = (subject: string, limit: number): QuotaClaim => ({
  tier: "burst",
  subject,
  limit,
  window: { kind: "rolling", ms: 600_000 },
});

/** A ticket in a shop of its own, so that tests that share a database do not meet. */
export const ticketOf = (test: string, claims: QuotaClaim[], requestId = "r1"): QuotaTicket => ({
  shop: `${test}.shop`,
  requestId,
  claims,
});
