import type { Clock } from "#app/kernel/clock.ts";
import type { BudgetLimits, BudgetTicket } from "#app/ledger/budget-decisions.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";
import { budgetSpent } from "#app/ledger/errors.ts";
import { quotaExhausted } from "#app/quota/errors.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import type { Reserved } from "./portrait-records.ts";

export type ReserveParts = {
  quota: QuotaStore;
  budget: BudgetStore;
  clock: Clock;
  leaseMs: number;
  budgets: BudgetLimits;
};

/**
 * Holds what a portrait needs, quota and money: when it is wished for, and anew when its making starts, because a lease
 * may have run out in a long queue and the room may have gone to somebody else. A hold that still stands is renewed.
 *
 * @throws AppError `quota_*` or `budget_spent`; what is held then is for the caller to give back
 */
export async function reserve(parts: ReserveParts, { quota, budget }: Reserved): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const lease = { nowMs, leaseMs: parts.leaseMs };
  const answer = quota === null ? ({ allowed: true } as const) : await parts.quota.reserve(quota, lease);
  if (!answer.allowed) throw quotaExhausted(answer.blockedBy, answer.retryAtMs);
  if (budget !== null) await reserveMoney(parts, budget);
}

/**
 * @param instead - a hold that becomes this one
 * @throws AppError `budget_spent` with when there is money again
 */
export async function reserveMoney(
  { budget, budgets: limits, clock, leaseMs }: Omit<ReserveParts, "quota">,
  ticket: BudgetTicket,
  instead: { insteadOf?: string } = {},
): Promise<void> {
  const answer = await budget.reserve(ticket, { limits, nowMs: clock.nowMs(), leaseMs, ...instead });
  if (!answer.allowed) throw budgetSpent(answer.blockedBy, ticket.day);
}
