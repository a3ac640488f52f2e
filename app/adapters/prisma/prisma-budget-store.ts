import { Prisma, type PrismaClient } from "@prisma/client";
import { utcMonth } from "#app/kernel/clock.ts";
import { microUsd } from "#app/kernel/money.ts";
import {
  decideHold,
  decideRelease,
  decideSettle,
  type BudgetDecision,
  type BudgetEntry,
  type BudgetSums,
  type BudgetTicket,
} from "#app/ledger/budget-decisions.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";

/**
 * Budgets on PostgreSQL. Every budget of the installation stands behind one lock, taken before anything is read: the
 * installation's own is part of each decision, so locks of single shops would only add an order to get wrong. What is
 * settled is read from the days' running totals, and only holds that live are added up, so a turn behind the lock takes as
 * long on a day's last call as on its first.
 */
export function createPrismaBudgetStore(prisma: PrismaClient): BudgetStore {
  return Object.freeze({
    reserve: (ticket, options) =>
      alone(prisma, async (tx) => {
        const { requestId, shop, day } = ticket;
        const except = options.insteadOf === undefined ? [requestId] : [requestId, options.insteadOf];
        const { sums: others, states } = await readSums(tx, { shop, day, except }, options.nowMs);
        const [own, before] = except.map((id) => (states?.[id] === undefined ? undefined : { state: states[id] }));
        return follow(tx, decideHold({ others, own, before }, ticket, options));
      }),

    settle: (ticket, call) =>
      alone(prisma, async (tx) => {
        const entries = await entriesOf(tx, ticket, [ticket.requestId, call.callId]);
        const [hold, spent] = [ticket.requestId, call.callId].map((id) => entries.find((entry) => entry.id === id));
        return follow(tx, decideSettle({ hold, call: spent }, ticket, call));
      }),

    release: (ticket) =>
      alone(prisma, async (tx) => {
        const [hold] = await entriesOf(tx, ticket, [ticket.requestId]);
        return follow(tx, decideRelease(hold));
      }),

    committed: async (shop, day, nowMs) => (await readSums(prisma, { shop, day, except: [] }, nowMs)).sums,
  } satisfies BudgetStore);
}

/** The name under which the whole installation's days are kept; no shop can have it. */
export const wholeInstallation = "*";

type Tx = Prisma.TransactionClient;

function alone<Answer>(prisma: PrismaClient, work: (tx: Tx) => Promise<Answer>): Promise<Answer> {
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('budget', 0))`;
    return work(tx);
  });
}

type States = Record<string, BudgetEntry["state"]> | null;
type Sums = Record<keyof BudgetSums, bigint | null> & { states: States };

/** One statement, so that totals and holds are of the same moment. `except`: requests whose holds are left out. */
async function readSums(
  db: Tx,
  { shop, day, except }: { shop: string | null; day: string; except: string[] },
  nowMs: number,
): Promise<{ sums: BudgetSums; states: States }> {
  const [first, last] = [`${utcMonth(day)}-01`, `${utcMonth(day)}-31`];
  const [row] = await db.$queryRaw<Sums[]>`
    WITH counted AS (
      SELECT shop = ${wholeInstallation} AS "ofAll", shop = ${shop} AS "ofShop", day, "settledMicroUsd" AS amount
      FROM "BudgetDay" WHERE shop IN (${wholeInstallation}, ${shop}) AND day BETWEEN ${first} AND ${last}
      UNION ALL
      SELECT true, shop = ${shop}, day, "reservedMicroUsd" FROM "BudgetEntry"
      WHERE state = 'held' AND "leaseExpiresAt" > ${timestamp(nowMs)} AND day BETWEEN ${first} AND ${last}
        AND (shop = ${shop} AND day = ${day} AND "requestId" = ANY(${except})) IS NOT TRUE
    )
    SELECT
      sum(amount) FILTER (WHERE "ofAll")::bigint AS "installationMonth",
      sum(amount) FILTER (WHERE "ofShop")::bigint AS "shopMonth",
      sum(amount) FILTER (WHERE "ofAll" AND day = ${day})::bigint AS "installationDay",
      sum(amount) FILTER (WHERE "ofShop" AND day = ${day})::bigint AS "shopDay",
      (SELECT jsonb_object_agg("requestId", state) FROM "BudgetEntry"
        WHERE shop = ${shop} AND day = ${day} AND "requestId" = ANY(${except})) AS states
    FROM counted`;
  const sum = (name: keyof BudgetSums) => microUsd(Number(row?.[name] ?? 0n));
  const [installationMonth, shopMonth] = [sum("installationMonth"), sum("shopMonth")];
  const sums = { installationMonth, shopMonth, installationDay: sum("installationDay"), shopDay: sum("shopDay") };
  return { sums, states: row?.states ?? null };
}

async function entriesOf(tx: Tx, { shop, day }: BudgetTicket, ids: string[]): Promise<BudgetEntry[]> {
  const rows = await tx.$queryRaw<{ id: string; state: BudgetEntry["state"]; amount: bigint; until: Date }[]>`
    SELECT "requestId" AS id, state, "leaseExpiresAt" AS until,
      CASE state WHEN 'held' THEN "reservedMicroUsd" ELSE "settledMicroUsd" END AS amount
    FROM "BudgetEntry" WHERE shop = ${shop} AND day = ${day} AND "requestId" = ANY(${ids})`;
  return rows.map(({ id, state, amount, until }) => ({
    shop,
    day,
    id,
    state,
    microUsd: microUsd(Number(amount)),
    leaseExpiresAtMs: until.getTime(),
  }));
}

async function follow<Answer>(tx: Tx, { answer, writes, removes }: BudgetDecision<Answer>): Promise<Answer> {
  if (writes.length > 0) await put(tx, writes);
  // A decision puts a settled entry in place once, and so its sum is moved once.
  for (const entry of writes.filter(({ state }) => state === "settled")) await addToTotals(tx, entry);
  for (const { shop, day, id } of removes)
    await tx.$executeRaw`DELETE FROM "BudgetEntry" WHERE shop = ${shop} AND day = ${day} AND "requestId" = ${id}`;
  return answer;
}

async function put(tx: Tx, entries: readonly BudgetEntry[]): Promise<void> {
  const rows = entries.map(({ shop, day, id, state, microUsd: amount, leaseExpiresAtMs }) => {
    const [held, settled] = state === "held" ? [amount, 0] : [0, amount];
    return Prisma.sql`(${shop}, ${day}, ${id}, ${state}, ${BigInt(held)}, ${BigInt(settled)}, ${timestamp(leaseExpiresAtMs)})`;
  });
  await tx.$executeRaw`
    INSERT INTO "BudgetEntry" (shop, day, "requestId", state, "reservedMicroUsd", "settledMicroUsd", "leaseExpiresAt")
    VALUES ${Prisma.join(rows)}
    ON CONFLICT (shop, day, "requestId") DO UPDATE SET state = excluded.state, "leaseExpiresAt" = excluded."leaseExpiresAt",
      "reservedMicroUsd" = excluded."reservedMicroUsd", "settledMicroUsd" = excluded."settledMicroUsd"`;
}

async function addToTotals(tx: Tx, { shop, day, microUsd: amount }: BudgetEntry): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "BudgetDay" (shop, day, "settledMicroUsd")
    VALUES (${wholeInstallation}, ${day}, ${BigInt(amount)}), (${shop}, ${day}, ${BigInt(amount)})
    ON CONFLICT (shop, day) DO UPDATE SET "settledMicroUsd" = "BudgetDay"."settledMicroUsd" + excluded."settledMicroUsd"`;
}

/** Columns are UTC without a zone; the cast keeps the server's own zone out of it. */
const timestamp = (atMs: number): Prisma.Sql => Prisma.sql`${new Date(atMs).toISOString()}::timestamp(3)`;
