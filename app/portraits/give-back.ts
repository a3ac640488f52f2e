import type { Clock } from "#app/kernel/clock.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import type { PortraitRecord } from "./portrait-records.ts";

export type GiveBackParts = { quota: QuotaStore; budget: BudgetStore; clock: Clock };

/**
 * Gives back whatever a portrait has reserved. Safe to call on every path and more than once: a committed quota stays
 * committed and settled money stays settled.
 */
export async function giveBack(
  { quota, budget, clock }: GiveBackParts,
  { reserved }: Pick<PortraitRecord, "reserved">,
): Promise<void> {
  if (reserved?.quota) await quota.refund(reserved.quota, { nowMs: clock.nowMs() });
  if (reserved?.budget) await budget.release(reserved.budget);
}

export async function giveBackAll(parts: GiveBackParts, portraits: readonly PortraitRecord[]): Promise<void> {
  for (const portrait of portraits) await giveBack(parts, portrait);
}
