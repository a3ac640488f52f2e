import type { UnpaintedOrder } from "#app/ledger/usage-report.ts";

/** More than these are counted and not listed: the banner must not push the page away. */
const listed = 5;

/** @param orders - at least one, the newest first */
export function unpaintedWording(orders: readonly UnpaintedOrder[]): { title: string; lines: string[] } {
  const title =
    orders.length === 1
      ? `A portrait for order ${orders[0]?.order} could not be painted`
      : "Portraits that were ordered could not be painted";
  const lines = orders
    .slice(0, listed)
    .map(({ order, reason }) => (reason === null ? `${order}: no reason was written down.` : `${order}: “${reason}”`));
  const more = orders.length > listed ? [`and more, the newest first`] : [];
  return { title, lines: [...new Set(lines), ...more] };
}
