import type { Clock } from "#app/kernel/clock.ts";
import { ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { portraitNotFound } from "./errors.ts";
import { giveBack } from "./give-back.ts";
import type { MakePortrait } from "./make-portrait.ts";
import { isActive, type PortraitRecord, type PortraitRecords } from "./portrait-records.ts";

export type CancelPortraitParts = {
  records: PortraitRecords;
  quota: QuotaStore;
  budget: BudgetStore;
  clock: Clock;
  makePortrait: MakePortrait;
  onChange(shop: string, key: string): void;
};

/**
 * A shopper no longer wants a portrait. What is not finished is cancelled and given back, and its making is stopped where
 * nobody else waits for it; what is finished leaves their list. What was painted in the meantime stays painted. What is
 * ordered leaves the list too, and is made all the same: an order is called off with the merchant.
 *
 * @throws AppError `not_found` for a portrait that is not theirs
 */
export async function cancelPortrait(
  parts: CancelPortraitParts,
  shopper: Shopper,
  id: string,
): Promise<PortraitRecord> {
  const portrait = await parts.records.find(shopper.shop, ownersOf(shopper), id);
  if (portrait === undefined) throw portraitNotFound();
  const nowMs = parts.clock.nowMs();
  if (!isActive(portrait) || portrait.orderedAtMs !== null) return hide(parts, portrait, nowMs);

  const cancelled = await parts.records.cancel(portrait.id, nowMs);
  if (cancelled === undefined) return cancelPortrait(parts, shopper, id);
  const others = await parts.records.waitingFor(portrait.shop, portrait.key);
  // The last one to leave a making under way is settled by it: given back where it can still be stopped, else charged.
  if (others.length > 0 || cancelled.startedAtMs === null) await giveBack(parts, cancelled);
  if (others.length === 0) parts.makePortrait.stop({ shop: portrait.shop, key: portrait.key });
  parts.onChange(portrait.shop, portrait.key);
  return cancelled;
}

async function hide(parts: CancelPortraitParts, portrait: PortraitRecord, nowMs: number): Promise<PortraitRecord> {
  await parts.records.hide(portrait.id, nowMs);
  const isTakenBack = portrait.status === "pending" && portrait.orderedAtMs === null;
  return isTakenBack ? { ...portrait, status: "cancelled" } : portrait;
}
