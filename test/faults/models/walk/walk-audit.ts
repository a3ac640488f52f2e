import { createGallery } from "#app/gallery/gallery.ts";
import { utcDay } from "#app/kernel/clock.ts";
import { committed } from "#app/ledger/budget-decisions.ts";
import { isActive } from "#app/portraits/portrait-records.ts";
import type { PortraitRow } from "#test/builders/memory-portrait-records.ts";
import { samePreview } from "#test/builders/previews.ts";
import { dayMoney, price, shop, type World } from "./walk-world.ts";

/**
 * What must be true of the shared records once everything has come to rest and every lease has run out. It is read from
 * what lies there, not from what the product says of itself.
 *
 * @returns what is wrong, a sentence each
 */
export async function auditWalk(world: World): Promise<string[]> {
  return [
    ...world.rows.filter(isActive).map(({ id }) => `${id} waits for ever`),
    ...(await wrongPictures(world)),
    ...wrongCharges(world),
    ...wrongPaintings(world),
  ];
}

/**
 * What must be true at once where nothing has gone wrong: nothing needs to lapse, what was held has been used or given
 * back, and nobody is given up who can be helped.
 */
export function auditCalm({ quota, budget, time, struck, plan }: World): string[] {
  const wrong: string[] = [];
  if (struck.givenUp > 0 && !plan.isPoisoned) wrong.push("a portrait was given up that could have been made");
  if (struck.faults > 0) return wrong;
  const isHeld = ({ state, leaseExpiresAtMs }: { state: string; leaseExpiresAtMs: number }) =>
    state === "held" && leaseExpiresAtMs > time.nowMs;
  for (const { requestId } of quota.all(shop).filter(isHeld)) wrong.push(`${requestId} was not given back`);
  for (const { id } of [...budget.entries.values()].filter(isHeld)) wrong.push(`the money of ${id} was not given back`);
  return wrong;
}

/** Who has a portrait is shown the picture that was kept, and it is of the take that was wished for. */
async function wrongPictures({ rows, masters, previews }: World): Promise<string[]> {
  const wrong: string[] = [];
  const gallery = createGallery({ masters: masters.store, previews: previews.store, previewMaker: samePreview });
  for (const { id, objectName, take } of rows.filter(({ status }) => status === "ready")) {
    const master = await masters.store.read(objectName ?? "none");
    const preview = await gallery.read(objectName ?? "none");
    if (master === undefined) wrong.push(`${id} is ready and has no picture`);
    else if (preview === undefined || !preview.bytes.equals(master.bytes))
      wrong.push(`${id} does not show its picture`);
    else if (!master.bytes.toString().startsWith(`take ${take},`)) wrong.push(`${id} shows another one's picture`);
  }
  return wrong;
}

/** Each making that finds no picture may paint one; who finds it paints nothing. */
function wrongPaintings({ rows, calls, makings }: World): string[] {
  const takes = new Map(rows.map(({ key, take }) => [take, key]));
  return [...takes].flatMap(([take, key]) => {
    const painted = calls.filter((call) => call.take === take && call.isPainted).length;
    const may = makings.unkept.get(key) ?? 0;
    return painted > may ? [`take ${take} was painted ${painted} times, and ${may} makings had reason to`] : [];
  });
}

function wrongCharges(world: World): string[] {
  const { rows, quota, masters, commits, time } = world;
  const entries = quota.all(shop);
  const charged = new Set(entries.filter(({ state }) => state === "done").map(({ requestId }) => requestId));
  const live = entries.filter(({ state, leaseExpiresAtMs }) => state === "held" && leaseExpiresAtMs > time.nowMs);
  const wrong = live.map(({ requestId }) => `${requestId} still holds its quota`);
  for (const [key, ofKey] of byKey(rows)) {
    const payers = ofKey.filter(({ id }) => charged.has(id));
    const isKept = masters.names().some((name) => name.endsWith(key));
    const wasLate = ofKey.some(({ id }) =>
      commits.some(({ requestId, answer }) => requestId === id && answer === "late"),
    );
    if (payers.length > 1)
      wrong.push(`one picture was charged ${payers.length} times: ${payers.map(({ id }) => id).join()}`);
    if (payers.length > 0 && !isKept) wrong.push(`a picture was charged that there is not`);
    if (payers.some(({ status }) => status === "failed")) wrong.push(`a failure was charged: ${payers[0]?.id}`);
    const isBought = ofKey.some(({ paysFor, orderedAtMs }) => paysFor !== null && orderedAtMs !== null);
    const isGiven = ofKey.some(({ status, cached }) => status === "ready" && !cached);
    if (isGiven && payers.length === 0 && !wasLate && !isBought) wrong.push(`a picture was given and never charged`);
  }
  return wrong;
}

/** Of money a call may have to be held for longer than a portrait, so it is looked at later. */
export function wrongMoney({ budget, attempts, calls, makings, time, plan }: World): string[] {
  const wrong: string[] = [];
  const entries = [...budget.entries.values()];
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  if (entries.some(({ state, leaseExpiresAtMs }) => state === "held" && leaseExpiresAtMs > time.nowMs))
    wrong.push("money is still held");
  for (const { id, end } of attempts.rows) {
    const ofCall = entries.filter((entry) => entry.id === id && entry.state === "settled");
    const amount = sum(ofCall.map(({ microUsd }) => microUsd));
    if (ofCall.length > 1) wrong.push(`${id} was settled ${ofCall.length} times`);
    if (amount !== (end?.costMicroUsd ?? 0))
      wrong.push(`of ${id} the budget says ${amount}, the ledger ${end?.costMicroUsd}`);
  }
  const settled = sum(entries.flatMap(({ state, microUsd }) => (state === "settled" ? [microUsd] : [])));
  const open = attempts.rows.filter(({ end }) => end === null).length;
  if (open > 0) wrong.push(`${open} rows of the ledger were never closed`);
  const bill = plan.isPaid ? calls.filter(({ isPainted }) => isPainted).length * price.usualMicroUsd : 0;
  if (bill > settled) wrong.push(`the provider bills ${bill} and ${settled} is settled`);
  if (calls.length > attempts.rows.length) wrong.push(`${calls.length} calls and ${attempts.rows.length} rows`);
  if (calls.length > 3 * makings.begun) wrong.push(`${calls.length} calls for ${makings.begun} makings`);
  return wrong;
}

function byKey(rows: readonly PortraitRow[]): Map<string, PortraitRow[]> {
  const keys = new Map<string, PortraitRow[]>();
  for (const row of rows) keys.set(row.key, [...(keys.get(row.key) ?? []), row]);
  return keys;
}

/** Bought, neither painted nor tried, and there is money for it: something must be about to happen. */
export function waitsForNothing({ rows, budget, plan, time }: World): boolean {
  const day = utcDay(time.nowMs);
  const spent = committed(budget.entries.values(), { shop, day }, time.nowMs).shopDay;
  const isAffordable = !plan.isPaid || spent + price.highestMicroUsd <= dayMoney;
  return rows.some((row) => isAffordable && isUntried(row));
}

const isUntried = ({ orderedAtMs, status, error, tries }: PortraitRow): boolean =>
  orderedAtMs !== null && tries === 0 && status !== "ready" && !(status === "failed" && error?.retryable !== true);

/** Counts what the history has passed through. */
export function countPaths(world: World): void {
  const { rows, attempts, calls, commits, paths, plan, time } = world;
  for (const row of rows.filter(({ orderedAtMs }) => orderedAtMs !== null)) {
    if (row.status === "ready" && row.tries > 0) paths.bought += 1;
    if (row.tries > 1) paths["bought and tried again"] += 1;
    if (isUntried(row)) paths["bought while no money was left"] += 1;
  }
  for (const { status, cached, startedAtMs } of rows) {
    if (status === "ready") paths[cached ? "out of the gallery" : "ready"] += 1;
    if (status === "failed") paths.failed += 1;
    if (status === "cancelled") paths.cancelled += 1;
    if (status === "cancelled" && startedAtMs !== null) paths["cancel in flight"] += 1;
  }
  for (const { answer } of commits) paths[answer === "late" ? "charged late" : "charge"] += 1;
  for (const take of [1, 2])
    if (calls.filter((call) => call.take === take && call.isPainted).length > 1) paths["painted twice"] += 1;
  paths["call of a dead process settled"] += attempts.rows.filter(
    ({ end }) => end?.errorCode === "process_died",
  ).length;
  if (utcDay(plan.startMs) !== utcDay(time.nowMs)) paths["over midnight"] += 1;
}
