import type { MicroUsd } from "#app/kernel/money.ts";
import type { BudgetSums, BudgetTicket, HoldAnswer, HoldOptions } from "./budget-decisions.ts";

/**
 * The money of a shop and of the whole installation, by UTC day and month. What a call may cost at most is set aside
 * before it is made and settled with what it came to; the sum of both never passes a limit, with any parallelism and any
 * number of instances. Keyed by request and by call, so that a step that is repeated has one effect. The rules are in
 * budget-decisions.ts; a store follows them.
 */
export interface BudgetStore {
  /** The same request again holds anew. A request of nothing passes unless the money is all spent. */
  reserve(ticket: BudgetTicket, options: HoldOptions): Promise<HoldAnswer>;
  /**
   * Writes down what a call came to, once, and takes it out of the request's hold; the rest stays held. Counts also where
   * the hold has lapsed: money that is gone is gone.
   * @returns what is written down of the call, now or before
   */
  settle(ticket: BudgetTicket, call: { callId: string; spentMicroUsd: MicroUsd; nowMs: number }): Promise<MicroUsd>;
  /** Gives back what is still held. */
  release(ticket: BudgetTicket): Promise<void>;
  /**
   * Spent and set aside, in each budget that binds a shop on that day.
   * @param shop - null for the installation's alone; the shop's are zero then
   */
  committed(shop: string | null, day: string, nowMs: number): Promise<BudgetSums>;
}

export type { BudgetTicket } from "./budget-decisions.ts";
