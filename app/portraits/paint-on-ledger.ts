import { utcDay, type Clock } from "#app/kernel/clock.ts";
import { asAppError } from "#app/kernel/errors.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { AttemptEnd, AttemptLog, SpendingLimit } from "#app/ledger/attempt-log.ts";
import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";
import type { ModelPrice, PriceTable } from "#app/ledger/price-table.ts";
import type { PaintRequest, Painter, PaintUsage } from "#app/painters/painter.ts";
import { PaintingFailure } from "#app/painters/painting-failure.ts";
import { PictureBroken, type CheckedPicture, type PictureCheck } from "#app/painters/picture-check.ts";
import { paintingFailureOf } from "#app/painters/provider-answers.ts";
import { NoRoomYet } from "#app/painters/spend-room.ts";
import { handBackToPortrait, holdForCall, settleCall } from "./call-money.ts";
import type { PortraitRecord } from "./portrait-records.ts";

/**
 * One call of the painter as one row of the ledger: money is held, the row is begun, the painter is called, its picture is
 * looked at, and what the call came to is written down, whatever came of it. A picture is kept before that: it is paid for,
 * and books that are away for a moment must not lose it.
 */
export type LedgerParts = {
  attempts: AttemptLog;
  budget: BudgetStore;
  prices: PriceTable;
  pictureCheck: PictureCheck;
  clock: Clock;
  ids: Ids;
  leaseMs: number;
  budgets: BudgetLimits;
  /** The provider's own limit, for all shops together; undefined for painters that cost nothing. */
  spendingLimit: SpendingLimit | undefined;
};

export type PaintedPicture = CheckedPicture & { image: Buffer };

export type PaintedOnLedger = {
  picture: PaintedPicture;
  /** Writes down what the call came to, as of its end; to be called once the picture is kept, or could not be. */
  settle(): Promise<void>;
};

/**
 * @throws PaintingFailure from the painter, or because its picture is none; AppError `budget_spent` and
 *   {@link NoRoomYet} before anything was asked
 */
export async function paintOnLedger(
  parts: LedgerParts,
  portrait: PortraitRecord,
  { painter, request }: { painter: Painter; request: PaintRequest },
): Promise<PaintedOnLedger> {
  const startedAtMs = parts.clock.nowMs();
  const price = parts.prices.priceOf(painter.model, utcDay(startedAtMs));
  const id = parts.ids.next("att");
  await holdForCall(parts, portrait.reserved?.budget, { id, highestMicroUsd: price.highestMicroUsd });
  await beginRow(parts, portrait, { id, painter, request, price, startedAtMs });
  let usage: PaintUsage | null = null;
  try {
    const painting = await painter.paint(request);
    usage = painting.usage;
    const picture = await checked(parts.pictureCheck, painting, request);
    const end = { id, startedAtMs, endedAtMs: parts.clock.nowMs(), ...paintedEnd(painting.usage, price) };
    return { picture: { ...picture, image: painting.image }, settle: () => endRow(parts, portrait, end) };
  } catch (error) {
    const endedAtMs = parts.clock.nowMs();
    await endRow(parts, portrait, {
      id,
      startedAtMs,
      endedAtMs,
      ...failedEnd(error, request.signal, { price, usage }),
    });
    throw error;
  }
}

async function beginRow(
  parts: LedgerParts,
  portrait: PortraitRecord,
  call: { id: string; painter: Painter; request: PaintRequest; price: ModelPrice; startedAtMs: number },
): Promise<void> {
  const row = {
    id: call.id,
    shop: portrait.shop,
    budgetDay: portrait.reserved?.budget?.day ?? utcDay(call.startedAtMs),
    portraitKey: portrait.key,
    style: portrait.style,
    painter: call.painter.kind,
    model: call.painter.model,
    priceTable: call.price.priceTable,
    highestMicroUsd: call.price.highestMicroUsd,
    wording: call.request.wording,
    startedAtMs: call.startedAtMs,
  };
  const answer = await parts.attempts.begin(row, call.price.highestMicroUsd > 0 ? parts.spendingLimit : undefined);
  if (answer.begun) return;
  await handBackToPortrait(parts, portrait.reserved?.budget, call.id);
  throw new NoRoomYet(answer.retryInMs);
}

async function checked(
  pictureCheck: PictureCheck,
  { image, usage }: { image: Buffer; usage: PaintUsage },
  { size }: PaintRequest,
): Promise<CheckedPicture> {
  try {
    return await pictureCheck.check(image, size);
  } catch (error) {
    if (!(error instanceof PictureBroken)) throw error;
    throw paintingFailureOf("picture broken", { usage, said: error.message, cause: error });
  }
}

type RowEnd = Omit<AttemptEnd, "latencyMs"> & { id: string; startedAtMs: number };
type CallEnd = Omit<RowEnd, "id" | "startedAtMs" | "endedAtMs">;

/**
 * What a call came to is settled under the call's own name: a portrait that was painted twice, because its process died in
 * between, has cost twice.
 */
async function endRow(
  parts: LedgerParts,
  { reserved }: PortraitRecord,
  { id, startedAtMs, ...end }: RowEnd,
): Promise<void> {
  // The budget first: where the process dies in between, the row is still open, and whoever closes it settles nothing twice.
  if (end.outcome !== "painted" && end.costMicroUsd === 0) await handBackToPortrait(parts, reserved?.budget, id);
  else await settleCall(parts, reserved?.budget, { id, costMicroUsd: end.costMicroUsd });
  await parts.attempts.end(id, { ...end, latencyMs: end.endedAtMs - startedAtMs });
}

function paintedEnd(usage: PaintUsage, price: ModelPrice): CallEnd {
  return {
    outcome: "painted",
    errorCode: null,
    billing: "reported",
    costMicroUsd: price.costMicroUsd(usage.tokens),
    ...usage,
  };
}

/** Whatever ends in a way that nobody foresaw may have been billed, and so has a call that we hung up on. */
function failedEnd(
  cause: unknown,
  signal: AbortSignal,
  { price, usage }: { price: ModelPrice; usage: PaintUsage | null },
): CallEnd {
  const failure = cause instanceof PaintingFailure ? cause : undefined;
  const reported = usage ?? failure?.usage ?? { tokens: null, finishReason: null, providerRequestId: null };
  const billing = usage === null && failure?.billing !== "reported" ? (failure?.billing ?? "unknown") : "reported";
  const aborted = signal.aborted && failure === undefined;
  return {
    outcome: aborted ? "aborted" : "failed",
    errorCode: aborted ? "aborted" : asAppError(cause).code,
    billing: billing === "unknown" ? "assumed" : billing,
    costMicroUsd: billing === "nothing" ? 0 : price.costMicroUsd(billing === "unknown" ? null : reported.tokens),
    ...reported,
  };
}
