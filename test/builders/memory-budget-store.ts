import {
  committed,
  decideHold,
  decideRelease,
  decideSettle,
  type BudgetDecision,
  type BudgetEntry,
  type BudgetTicket,
} from "#app/ledger/budget-decisions.ts";
import type { BudgetStore } from "#app/ledger/budget-store.ts";

/** The port in memory, on the pure rules. `entries` are what lies there. */
export function createMemoryBudgetStore() {
  const entries = new Map<string, BudgetEntry>();
  const nameOf = ({ shop, day, id }: Pick<BudgetEntry, "shop" | "day" | "id">): string => [shop, day, id].join("\n");
  const entryOf = ({ shop, day }: BudgetTicket, id: string) => entries.get(nameOf({ shop, day, id }));
  const follow = <Answer>({ answer, writes, removes }: BudgetDecision<Answer>): Answer => {
    for (const entry of writes) entries.set(nameOf(entry), entry);
    for (const entry of removes) entries.delete(nameOf(entry));
    return answer;
  };
  const store: BudgetStore = Object.freeze({
    async reserve(ticket, options) {
      const { requestId } = ticket;
      const { insteadOf } = options;
      const others = committed(entries.values(), ticket, options.nowMs, requestId, insteadOf);
      const before = insteadOf === undefined ? undefined : entryOf(ticket, insteadOf);
      return follow(decideHold({ others, own: entryOf(ticket, requestId), before }, ticket, options));
    },
    async settle(ticket, call) {
      const [hold, spent] = [entryOf(ticket, ticket.requestId), entryOf(ticket, call.callId)];
      return follow(decideSettle({ hold, call: spent }, ticket, call));
    },
    release: async (ticket) => follow(decideRelease(entryOf(ticket, ticket.requestId))),
    committed: async (shop, day, nowMs) => committed(entries.values(), { shop: shop ?? "", day }, nowMs),
  } satisfies BudgetStore);
  return { store, entries };
}
