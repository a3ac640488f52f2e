import type { MicroUsd } from "#app/kernel/money.ts";
import type { BudgetTicket } from "#app/ledger/budget-store.ts";
import { reserveMoney, type ReserveParts } from "./reserve.ts";

/**
 * The money of one call. While a call is under way it is held under the call's own name, in the place of the portrait's
 * hold: who waits for the portrait may leave and give their hold back, the portrait may be taken up by another process
 * and hold anew, and the call may be billed all the same.
 */
export type CallMoneyParts = Omit<ReserveParts, "quota">;

/**
 * How long it is held at most, milliseconds: where the process dies, past the moment at which the call is found abandoned
 * and settled. So there is no time at which what may be billed counts for nothing.
 */
export const callLeaseMs = 7 * 60_000;

/**
 * @param portrait - what the portrait has held; null where it needs no money
 * @param call - the most that the call can cost now, which may be more than when the portrait was wished for
 * @throws AppError `budget_spent`: an attempt before this one may have cost some of what was held
 */
export async function holdForCall(
  parts: CallMoneyParts,
  portrait: BudgetTicket | null | undefined,
  call: { id: string; highestMicroUsd: MicroUsd },
): Promise<void> {
  if (!portrait) return;
  const ticket = { ...portrait, requestId: call.id, microUsd: call.highestMicroUsd };
  await reserveMoney({ ...parts, leaseMs: callLeaseMs }, ticket, { insteadOf: portrait.requestId });
}

/** Settles what the call came to, whatever that is; what was held beyond it is free again. */
export async function settleCall(
  { budget, clock }: CallMoneyParts,
  portrait: BudgetTicket | null | undefined,
  call: { id: string; costMicroUsd: MicroUsd },
): Promise<void> {
  if (!portrait) return;
  const ticket = { ...portrait, requestId: call.id };
  if (call.costMicroUsd === 0) return budget.release(ticket);
  await budget.settle(ticket, { callId: call.id, spentMicroUsd: call.costMicroUsd, nowMs: clock.nowMs() });
}

/**
 * A call that was not made, or came to nothing and cost nothing: what was held for it is the portrait's again, for the
 * next attempt. Where that has become too much in the meantime, nothing is held.
 */
export async function handBackToPortrait(
  { budget, budgets: limits, clock, leaseMs }: CallMoneyParts,
  portrait: BudgetTicket | null | undefined,
  callId: string,
): Promise<void> {
  if (!portrait) return;
  const { allowed } = await budget.reserve(portrait, { limits, nowMs: clock.nowMs(), leaseMs, insteadOf: callId });
  if (!allowed) await budget.release({ ...portrait, requestId: callId });
}
