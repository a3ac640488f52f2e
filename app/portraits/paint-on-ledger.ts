import type { Clock } from "#app/kernel/clock.ts";
import { asAppError } from "#app/kernel/errors.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { AttemptEnd, AttemptLog } from "#app/ledger/attempt-log.ts";
import type { MicroUsd } from "#app/kernel/money.ts";
import type { BudgetStore, BudgetTicket } from "#app/ledger/budget-store.ts";
import type { ModelPrice, PriceTable } from "#app/ledger/price-table.ts";
import type { PaintRequest, Painter, Painting } from "#app/painters/painter.ts";
import type { PortraitRecord } from "./portrait-records.ts";

/**
 * One call of the painter as one row of the ledger: begun before the call and ended whatever comes of it, then the money
 * that was set aside is settled with what the call came to.
 */
export type LedgerParts = {
  painter: Painter;
  attempts: AttemptLog;
  budget: BudgetStore;
  prices: PriceTable;
  clock: Clock;
  ids: Ids;
};

export async function paintOnLedger(
  parts: LedgerParts,
  portrait: PortraitRecord,
  request: PaintRequest,
): Promise<Painting> {
  const price = parts.prices.priceOf(parts.painter.model);
  const id = parts.ids.next("att");
  const startedAtMs = parts.clock.nowMs();
  await parts.attempts.begin({
    id,
    shop: portrait.shop,
    portraitKey: portrait.key,
    style: portrait.style,
    painter: parts.painter.kind,
    model: parts.painter.model,
    priceTable: price.priceTable,
    startedAtMs,
  });
  const close = async (end: Omit<AttemptEnd, "endedAtMs" | "latencyMs">) => {
    const endedAtMs = parts.clock.nowMs();
    await parts.attempts.end(id, { ...end, endedAtMs, latencyMs: endedAtMs - startedAtMs });
    if (portrait.reserved?.budget)
      await settle(parts, portrait.reserved.budget, { id, costMicroUsd: end.costMicroUsd });
  };
  const painting = await parts.painter.paint(request).catch(async (error: unknown) => {
    await close(failedEnd(error, request.signal));
    throw error;
  });
  await close(paintedEnd(painting, price));
  return painting;
}

/**
 * What a call came to is written down under the call's own name before the hold goes: a portrait that was painted twice,
 * because its process died in between, has cost twice.
 */
async function settle(
  { budget }: Pick<LedgerParts, "budget">,
  held: BudgetTicket,
  { id, costMicroUsd }: { id: string; costMicroUsd: MicroUsd },
): Promise<void> {
  if (costMicroUsd > 0) await budget.settle({ ...held, requestId: id }, costMicroUsd);
  await budget.release(held);
}

function paintedEnd(painting: Painting, price: ModelPrice): Omit<AttemptEnd, "endedAtMs" | "latencyMs"> {
  const { tokens, finishReason, providerRequestId } = painting.usage;
  return {
    outcome: "painted",
    errorCode: null,
    tokens,
    costMicroUsd: price.costMicroUsd(tokens),
    finishReason,
    providerRequestId,
  };
}

/** A call that failed before it reported anything is not billed by any provider that we know. */
function failedEnd(cause: unknown, signal: AbortSignal): Omit<AttemptEnd, "endedAtMs" | "latencyMs"> {
  return {
    outcome: signal.aborted ? "aborted" : "failed",
    errorCode: signal.aborted ? "aborted" : asAppError(cause).code,
    tokens: null,
    costMicroUsd: 0,
    finishReason: null,
    providerRequestId: null,
  };
}
