import type { Prisma, PrismaClient } from "@prisma/client";
import { microUsd, type MicroUsd } from "#app/kernel/money.ts";
import type { BudgetStore, BudgetTicket } from "#app/ledger/budget-store.ts";

/** Budgets on PostgreSQL: a shop's day is locked before it is added up, so two requests never see the same free dollar. */
export function createPrismaBudgetStore(prisma: PrismaClient): BudgetStore {
  return Object.freeze({
    reserve: (ticket, { limitMicroUsd, nowMs, leaseMs }) =>
      prisma.$transaction(async (tx) => {
        await lockDay(tx, ticket);
        const others = await committed(tx, ticket.shop, ticket.day, nowMs, ticket.requestId);
        const fits =
          ticket.microUsd === 0 ? others === 0 || others < limitMicroUsd : others + ticket.microUsd <= limitMicroUsd;
        const isSettled = await tx.budgetEntry.findFirst({ where: { ...named(ticket), state: "settled" } });
        // What was spent stays spent; a hold in its place would forget it when its lease runs out.
        if (isSettled !== null) return { allowed: true };
        if (!fits) return { allowed: false };
        await write(tx, ticket, { state: "held", leaseExpiresAt: new Date(nowMs + leaseMs) });
        return { allowed: true };
      }),

    async settle(ticket, spentMicroUsd) {
      await write(prisma, ticket, { state: "settled", settledMicroUsd: BigInt(spentMicroUsd) });
    },

    async release(ticket) {
      await prisma.budgetEntry.deleteMany({ where: { ...named(ticket), state: "held" } });
    },

    committedMicroUsd: (shop, day, nowMs) => committed(prisma, shop, day, nowMs, null),
  } satisfies BudgetStore);
}

const named = ({ shop, day, requestId }: BudgetTicket) => ({ shop, day, requestId });

async function lockDay(tx: Prisma.TransactionClient, { shop, day }: BudgetTicket): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`budget:${shop}:${day}`}, 0))`;
}

async function committed(
  db: Prisma.TransactionClient,
  shop: string,
  day: string,
  nowMs: number,
  except: string | null,
): Promise<MicroUsd> {
  const [row] = await db.$queryRaw<{ sum: bigint | null }[]>`
    SELECT sum(CASE state WHEN 'settled' THEN "settledMicroUsd" ELSE "reservedMicroUsd" END)::bigint AS sum
    FROM "BudgetEntry"
    WHERE shop = ${shop} AND day = ${day} AND "requestId" IS DISTINCT FROM ${except}
      AND (state = 'settled' OR "leaseExpiresAt" > ${new Date(nowMs)})`;
  return microUsd(Number(row?.sum ?? 0n));
}

async function write(
  db: Prisma.TransactionClient,
  { shop, day, requestId, microUsd: reserved }: BudgetTicket,
  facts: { state: "held" | "settled"; leaseExpiresAt?: Date; settledMicroUsd?: bigint },
): Promise<void> {
  await db.budgetEntry.upsert({
    where: { shop_day_requestId: { shop, day, requestId } },
    create: { shop, day, requestId, reservedMicroUsd: BigInt(reserved), leaseExpiresAt: new Date(0), ...facts },
    update: facts,
  });
}
