import { nextUtcMidnightMs, type Clock } from "#app/kernel/clock.ts";
import type { MicroUsd } from "#app/kernel/money.ts";
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
  dailyBudgetMicroUsd: MicroUsd;
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
  const limitMicroUsd = parts.dailyBudgetMicroUsd;
  const money = budget === null || (await parts.budget.reserve(budget, { ...lease, limitMicroUsd })).allowed;
  if (!money) throw budgetSpent(nextUtcMidnightMs(nowMs));
}
