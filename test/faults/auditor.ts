import { createHash } from "node:crypto";
import type { World } from "./world.ts";

/**
 * Looks at an installation that has come to rest and checks what must be true whatever happened to it: the equations of
 * quota, money, ledger and gallery. Each sentence that it returns is something that is wrong.
 *
 * The books that it compares were kept apart: the provider's own list of calls and its bill, the charges, the budget, the
 * rows of the ledger, and the bytes in the gallery.
 */
export type Expected = {
  /** When it is looked at, milliseconds since the epoch: holds must be over by then. */
  atMs: number;
  /** Calls that were written down and never made, because their process died in between. */
  callsNeverMade?: number;
};

export async function audit(world: World, expected: Expected): Promise<string[]> {
  const books = await readBooks(world);
  return [
    ...(await galleryProblems(world, books)),
    ...quotaProblems(books, expected),
    ...ledgerProblems(books, world, expected),
    ...budgetProblems(books, world, expected),
  ];
}

async function readBooks({ database: { prisma }, masters }: World) {
  const [portraits, quota, attempts, budget, totals] = await Promise.all([
    prisma.portrait.findMany(),
    prisma.quotaEntry.findMany(),
    prisma.attempt.findMany(),
    prisma.budgetEntry.findMany(),
    prisma.budgetDay.findMany(),
  ]);
  const pictures: string[] = [];
  for await (const name of masters.list("shops/")) if (name.includes("/portraits/")) pictures.push(name);
  return { portraits, quota, attempts, budget, totals, pictures };
}

type Books = Awaited<ReturnType<typeof readBooks>>;

async function galleryProblems({ masters, previews }: World, { portraits, pictures }: Books): Promise<string[]> {
  const problems: string[] = [];
  const waiting = portraits.filter(({ status }) => status === "queued" || status === "making");
  if (waiting.length > 0) problems.push(`${waiting.length} portraits wait for nobody`);
  const kept = new Set(pictures);
  for (const { id, status, objectName } of portraits) {
    if (status === "ready" && !kept.has(objectName ?? "")) problems.push(`${id} is ready and has no picture`);
  }
  for (const name of pictures) {
    const [master, preview] = [await masters.read(name), await previews.read(name)];
    const sha256 = createHash("sha256")
      .update(master?.bytes ?? "")
      .digest("hex");
    if (master?.attributes.sha256 !== sha256) problems.push(`${name} holds other bytes than were kept`);
    if (preview === undefined) problems.push(`${name} cannot be seen`);
  }
  return problems;
}

/** One picture, one charge, whoever wanted it and however often it was tried; and nothing is held for ever. */
function quotaProblems({ quota, pictures, portraits }: Books, { atMs }: Expected): string[] {
  const problems: string[] = [];
  const charges = quota.filter(({ tier, state }) => tier === "day" && state === "done");
  const charged = new Set(charges.map(({ requestId }) => requestId));
  if (charged.size !== charges.length) problems.push("a request is charged on two days");
  // What is bought needs no quota.
  const bought = portraits.filter(({ id, orderedAt, cached }) => orderedAt !== null && !cached && !charged.has(id));
  const paidFor = charges.length + new Set(bought.map(({ objectName }) => objectName)).size;
  if (paidFor !== pictures.length)
    problems.push(`${paidFor} portraits are charged or bought and ${pictures.length} were painted`);
  const alive = quota.filter(({ state, leaseExpiresAt }) => state === "held" && leaseExpiresAt.getTime() > atMs);
  if (alive.length > 0) problems.push(`${alive.length} reservations live past their time`);
  return problems;
}

/** A row for each call, no call without one, and never more than three for a picture that was not there. */
function ledgerProblems(
  { attempts, portraits }: Books,
  { provider }: World,
  { callsNeverMade = 0 }: Expected,
): string[] {
  const problems: string[] = [];
  const calls = provider.calls.length;
  if (attempts.length !== calls + callsNeverMade)
    problems.push(
      `the ledger has ${attempts.length} rows for ${calls} calls and ${callsNeverMade} that were never made`,
    );
  const misses = new Set(portraits.filter(({ cached }) => !cached).map(({ shop, key }) => `${shop}/${key}`)).size;
  if (calls > misses * 3) problems.push(`${calls} calls for ${misses} pictures`);
  const running = attempts.filter(({ outcome }) => outcome === "running");
  if (running.length > 0) problems.push(`${running.length} calls never ended`);
  return problems;
}

/** The budget is the ledger's sum, its totals are the entries' sum, and the provider never bills more than is written down. */
function budgetProblems({ attempts, budget, totals }: Books, { provider }: World, { atMs }: Expected): string[] {
  const problems: string[] = [];
  const sum = (amounts: bigint[]) => Number(amounts.reduce((total, amount) => total + amount, 0n));
  const ledger = sum(attempts.map(({ costMicroUsd }) => costMicroUsd));
  const settled = sum(budget.filter(({ state }) => state === "settled").map(({ settledMicroUsd }) => settledMicroUsd));
  if (ledger !== settled) problems.push(`the ledger says ${ledger} and the budget ${settled} micro-dollars`);
  for (const whose of ["of the installation", "of the shops"]) {
    const days = totals.filter(({ shop }) => (shop === "*") === (whose === "of the installation"));
    const total = sum(days.map(({ settledMicroUsd }) => settledMicroUsd));
    if (total !== settled) problems.push(`the days ${whose} add up to ${total} and their entries to ${settled}`);
  }
  const bill = provider.bill.wholeMicroUsd();
  if (bill > ledger) problems.push(`the provider bills ${bill} and the ledger knows of ${ledger} micro-dollars`);
  const alive = budget.filter(({ state, leaseExpiresAt }) => state === "held" && leaseExpiresAt.getTime() > atMs);
  if (alive.length > 0) problems.push(`${alive.length} holds of money live past their time`);
  return problems;
}
