import type { PortraitRecords } from "#app/portraits/portrait-records.ts";
import { keepOrdered } from "./keep-ordered.ts";
import { orderedTries, paintOrdered } from "./paint-ordered.ts";
import type { TakeOrderParts } from "./take-order.ts";

/**
 * Ordered means painted. Any instance takes up what is due: what a process left that died, what waited for a new day's
 * money, what has to be tried again. Two that do it at once have one effect.
 */
export type ResumeOrdersParts = TakeOrderParts & { records: Pick<PortraitRecords, "shopsWithOrdered"> };

/** Shops looked at in one go. */
const atOnce = 200;

export async function resumeOrders(parts: ResumeOrdersParts): Promise<void> {
  const due = { nowMs: parts.clock.nowMs(), ...orderedTries };
  for (const shop of await parts.records.shopsWithOrdered(due, atOnce)) await paintOrdered(parts, shop);
  await keepOrdered(parts);
}
