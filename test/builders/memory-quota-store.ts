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

/** The port in memory, on the pure rules. `entries` are what lies there, by shop, claim and request. */
export function createMemoryQuotaStore() {
  const entries = new Map<string, Map<string, QuotaEntry>>();
  const nameOf = (shop: string, { subject, tier, window }: Pick<QuotaEntry, "subject" | "tier" | "window">) =>
    [shop, subject, tier, window].join("\n");
  const entriesOf = (shop: string, claims: readonly QuotaClaim[]): QuotaEntry[] =>
    claims.flatMap((claim) => [
      ...(entries.get(nameOf(shop, { ...claim, window: windowName(claim) }))?.values() ?? []),
    ]);
  const decide = async <Answer>(ticket: QuotaTicket, rule: (of: QuotaEntry[]) => Decision<Answer>): Promise<Answer> => {
    const { answer, writes } = rule(entriesOf(ticket.shop, ticket.claims));
    for (const entry of writes) {
      const name = nameOf(ticket.shop, entry);
      const ofClaim = entries.get(name) ?? new Map<string, QuotaEntry>();
      entries.set(name, ofClaim.set(entry.requestId, entry));
    }
    return answer;
  };
  const store: QuotaStore = Object.freeze({
    reserve: (ticket, options) => decide(ticket, (of) => decideReserve(of, ticket, options)),
    commit: (ticket, options) => decide(ticket, (of) => decideCommit(of, ticket, options)),
    refund: (ticket) => decide(ticket, (of) => decideRefund(of, ticket)),
    async usage(shop, claims, { nowMs }) {
      const of = entriesOf(shop, claims);
      return claims.map((claim) => claimUsage(of, claim, nowMs));
    },
    async forgetShop(shop) {
      const names = [...entries.keys()].filter((name) => name.startsWith(`${shop}\n`));
      const forgotten = names.reduce((sum, name) => sum + (entries.get(name)?.size ?? 0), 0);
      for (const name of names) entries.delete(name);
      return forgotten;
    },
  } satisfies QuotaStore);
  const all = (shop: string): QuotaEntry[] =>
    [...entries].flatMap(([name, ofClaim]) => (name.startsWith(`${shop}\n`) ? [...ofClaim.values()] : []));
  return { store, all };
}
