import type { Prisma, PrismaClient } from "@prisma/client";
import type { QuotaStore, QuotaTicket } from "#app/quota/quota-store.ts";
import {
  claimUsage,
  decideCommit,
  decideRefund,
  decideReserve,
  windowName,
  type Decision,
  type QuotaEntry,
} from "#app/quota/reservation.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";

/**
 * Quotas on PostgreSQL. A ticket's subjects are locked (in name order, so that two tickets cannot wait for each other)
 * before its entries are read: what is decided is decided on what is true until the commit. No Serializable: its retries
 * cost more than a short queue, and adapter-pg loses a connection for each failed commit.
 */
export function createPrismaQuotaStore(prisma: PrismaClient): QuotaStore {
  const decide = <Answer>(ticket: QuotaTicket, nowMs: number, rule: (entries: QuotaEntry[]) => Decision<Answer>) =>
    prisma.$transaction(async (tx) => {
      await lockSubjects(tx, ticket);
      const { answer, writes } = rule(await entriesOf(tx, ticket.shop, ticket.claims, nowMs, ticket.requestId));
      for (const entry of writes) await writeEntry(tx, ticket.shop, entry);
      return answer;
    });

  return Object.freeze({
    reserve: (ticket, options) => decide(ticket, options.nowMs, (entries) => decideReserve(entries, ticket, options)),
    commit: (ticket, options) => decide(ticket, options.nowMs, (entries) => decideCommit(entries, ticket, options)),
    refund: (ticket, options) => decide(ticket, options.nowMs, (entries) => decideRefund(entries, ticket)),

    async usage(shop, claims, { nowMs }) {
      const entries = await entriesOf(prisma, shop, claims, nowMs);
      return claims.map((claim) => claimUsage(entries, claim, nowMs));
    },

    async forgetShop(shop) {
      const { count } = await prisma.quotaEntry.deleteMany({ where: { shop } });
      return count;
    },
  } satisfies QuotaStore);
}

async function lockSubjects(tx: Prisma.TransactionClient, ticket: QuotaTicket): Promise<void> {
  const names = [...new Set(ticket.claims.map((claim) => `quota:${ticket.shop}:${claim.subject}`))].sort();
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(${names}::text[]) AS name`;
}

/** The entries that can matter to these claims: those of their windows, and whatever else the request itself has. */
async function entriesOf(
  db: Prisma.TransactionClient,
  shop: string,
  claims: readonly QuotaClaim[],
  nowMs: number,
  requestId?: string,
): Promise<QuotaEntry[]> {
  const windows = claims.map((claim) => {
    const where = { subject: claim.subject, tier: claim.tier, window: windowName(claim) };
    if (claim.window.kind === "utc-day") return where;
    const inWindow = { reservedAt: { gt: new Date(nowMs - claim.window.ms) } };
    return { ...where, OR: requestId === undefined ? [inWindow] : [inWindow, { requestId }] };
  });
  const rows = await db.quotaEntry.findMany({ where: { shop, OR: windows } });
  return rows.map((row) => ({
    subject: row.subject,
    tier: row.tier as QuotaEntry["tier"],
    window: row.window,
    requestId: row.requestId,
    state: row.state as QuotaEntry["state"],
    reservedAtMs: row.reservedAt.getTime(),
    leaseExpiresAtMs: row.leaseExpiresAt.getTime(),
  }));
}

async function writeEntry(tx: Prisma.TransactionClient, shop: string, entry: QuotaEntry): Promise<void> {
  const { subject, tier, window, requestId, state } = entry;
  const facts = { state, reservedAt: new Date(entry.reservedAtMs), leaseExpiresAt: new Date(entry.leaseExpiresAtMs) };
  await tx.quotaEntry.upsert({
    where: { shop_subject_tier_window_requestId: { shop, subject, tier, window, requestId } },
    create: { shop, subject, tier, window, requestId, ...facts },
    update: facts,
  });
}
