import type { Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import type { AttemptLog } from "#app/ledger/attempt-log.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";

/**
 * A process that dies in the middle of a call leaves a row that was begun and never ended. The provider may have worked on
 * and billed it, and the money that was held for it is free again once its lease is over; so the most that the call can
 * have cost is written down in its place. Any instance does it, and two that do it at once have one effect.
 */
export type SettleAbandonedParts = {
  attempts: AttemptLog;
  budget: BudgetStore;
  clock: Clock;
  log: Log;
  /** Longer than any call takes, milliseconds. */
  abandonedAfterMs: number;
};

/** Rows looked at in one go. */
const atOnce = 100;

export async function settleAbandonedCalls(parts: SettleAbandonedParts): Promise<void> {
  const { attempts, budget, clock, log } = parts;
  const nowMs = clock.nowMs();
  const calls = await attempts.abandoned(nowMs - parts.abandonedAfterMs, atOnce);
  for (const { id, shop, budgetDay, startedAtMs, highestMicroUsd } of calls) {
    const ticket = { shop, day: budgetDay, requestId: id, microUsd: highestMicroUsd };
    const most = { callId: id, spentMicroUsd: highestMicroUsd, nowMs };
    // Its process may have settled it and died before it could say so here.
    const costMicroUsd = highestMicroUsd === 0 ? 0 : await budget.settle(ticket, most);
    await attempts.end(id, {
      outcome: "aborted",
      errorCode: "process_died",
      tokens: null,
      costMicroUsd,
      billing: costMicroUsd < highestMicroUsd ? "reported" : "assumed",
      finishReason: null,
      providerRequestId: null,
      endedAtMs: nowMs,
      latencyMs: nowMs - startedAtMs,
    });
    log.warn("call of a dead process settled", { shop, attempt: id, microUsd: costMicroUsd });
  }
}
