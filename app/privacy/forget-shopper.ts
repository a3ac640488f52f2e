import { deleteObjects } from "./delete-objects.ts";
import type { PrivacyParts } from "./parts.ts";
import type { OpenRequest, PrivacyReceipt, RecordCounts } from "./personal-records.ts";

/**
 * Forgets shoppers: records first, because a portrait without a record can be found by nobody, then the bytes, then the
 * question whether anything is left. Every step may be repeated; a request that is not finished is taken up again.
 *
 * @returns the receipt, and whether the request is done; what could not be deleted yet is in `left`
 */
export async function forgetShoppers(
  parts: PrivacyParts,
  request: OpenRequest,
): Promise<{ receipt: PrivacyReceipt; done: boolean }> {
  const forgotten = await parts.records.forget(request, request.shoppers);
  const sent = await parts.uploads.forget(request.shop, request.shoppers);
  const progress = await deleteObjects(parts, { ...request, progress: forgotten });
  const asked = { withoutOrdered: request.kind === "shopper" };
  const leftRecords = await parts.records.count(request.shop, request.shoppers, request.receivedAt, asked);
  const left = { ...leftRecords, objects: progress.objectsToDelete.length };
  const receipt: PrivacyReceipt = {
    records: progress.deleted,
    objects: progress.objectsDeleted + sent,
    objectsShared: progress.objectsShared,
    left,
  };
  return { receipt, done: isNothing(left) };
}

/** Somebody as Shopify names them: by a number, and with the numbers of orders that are theirs. */
export type NamedCustomer = { shop: string; customerId: string; orderIds: readonly string[] };

/**
 * Who a customer of Shopify's is to us: themselves, the guest they were before logging in, and the guest who put into the
 * cart what they ordered.
 */
export async function shoppersOfCustomer(
  parts: PrivacyParts,
  { shop, customerId, orderIds }: NamedCustomer,
): Promise<string[]> {
  const [customer, orders] = [customerName(customerId), orderIds.map(orderName)];
  const guests = [
    ...(await parts.records.guestsOf(shop, customer)),
    ...(await parts.records.guestsOfOrders(shop, orders)),
  ];
  return [...new Set([customer, ...guests, ...orders])];
}

export const customerName = (customerId: string): string => `c:${customerId}`;
export const orderName = (orderId: string): string => `o:${orderId}`;

export function isNothing(left: RecordCounts & { objects: number }): boolean {
  return left.photos + left.portraits + left.events + left.others + left.objects === 0;
}
