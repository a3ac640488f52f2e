import { createHash } from "node:crypto";

/**
 * The name under which the receipt of a redacted shop is kept. The records name the shop nowhere any more, and yet
 * whoever knows its domain can find the receipt: that is what a receipt is for.
 */
export function redactedShop(shop: string): string {
  return `redacted:${createHash("sha256").update(shop).digest("hex")}`;
}
