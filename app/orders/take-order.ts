import { portraitOf, type Order } from "./order.ts";
import { keepOrdered, orderedLifetimeMs, type KeepOrderedParts } from "./keep-ordered.ts";
import type { OrderRecords } from "./order-records.ts";
import { paintOrdered, type PaintOrderedParts } from "./paint-ordered.ts";

/**
 * A portrait is bought. That is written down, once, before Shopify is answered; from then on it is kept for longer, no
 * shopper can call it off, and what was only promised is painted. What a crash or an outage interrupts after that is taken
 * up by resume-orders.ts.
 */
export type TakeOrderParts = PaintOrderedParts & KeepOrderedParts & { orders: OrderRecords };

/**
 * @returns once it is written down; `finished` is for whoever wants to wait for the rest, and never rejects
 */
export async function takeOrder(parts: TakeOrderParts, order: Order): Promise<{ finished: Promise<void> }> {
  const { shop, id, name } = order;
  const lines = order.lines.flatMap((line) => {
    const portraitId = portraitOf(line);
    return portraitId === undefined ? [] : [{ id: line.id, portraitId }];
  });
  if (lines.length === 0) return { finished: Promise.resolve() };
  const nowMs = parts.clock.nowMs();
  const ordered = await parts.orders.add({ shop, id, name, lines }, { nowMs, keepUntilMs: nowMs + orderedLifetimeMs });
  parts.log.info("order.taken", { shop, order: name, portraits: ordered.length });
  const unknown = lines.filter(({ portraitId }) => !ordered.includes(portraitId)).length;
  // Forgotten since it went into the cart, or never a portrait of this shop: the merchant has the line's properties.
  if (unknown > 0) parts.log.warn("order.portrait_unknown", { shop, order: name, portraits: unknown });
  return { finished: carryOut(parts, shop, ordered) };
}

async function carryOut(parts: TakeOrderParts, shop: string, only: readonly string[]): Promise<void> {
  try {
    if (only.length > 0) await paintOrdered(parts, shop, { only });
    await keepOrdered(parts);
  } catch (error) {
    parts.log.warn("order.interrupted", { shop, error });
  }
}
