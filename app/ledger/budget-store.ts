import type { MicroUsd } from "#app/kernel/money.ts";

/**
 * A shop's money for a UTC day. What a call may cost at most is set aside before it is made and settled with what it came
 * to; the sum of both never passes the limit, with any parallelism. Keyed by request like the quota, so that a step that
 * is repeated has one effect.
 */
export interface BudgetStore {
  /** The same request again keeps its hold. A request of nothing passes unless the day's money is all spent. */
  reserve(
    ticket: BudgetTicket,
    options: { limitMicroUsd: MicroUsd; nowMs: number; leaseMs: number },
  ): Promise<{ allowed: boolean }>;
  /** Writes down what was spent, also where the hold has lapsed: money that is gone is gone. */
  settle(ticket: BudgetTicket, spentMicroUsd: MicroUsd): Promise<void>;
  release(ticket: BudgetTicket): Promise<void>;
  /** Spent and set aside on that day. */
  committedMicroUsd(shop: string, day: string, nowMs: number): Promise<MicroUsd>;
}

export type BudgetTicket = { shop: string; day: string; requestId: string; microUsd: MicroUsd };
