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
  const leftRecords = await parts.records.count(request.shop, request.shoppers, request.receivedAt);
  const left = { ...leftRecords, objects: progress.objectsToDelete.length };
  const receipt: PrivacyReceipt = {
    records: progress.deleted,
    objects: progress.objectsDeleted + sent,
    objectsShared: progress.objectsShared,
    left,
  };
  return { receipt, done: isNothing(left) };
}

/** The shoppers that a customer of Shopify's is to us: themselves, and the guest they were before logging in. */
export async function shoppersOfCustomer(parts: PrivacyParts, shop: string, customerId: string): Promise<string[]> {
  const customer = customerName(customerId);
  return [customer, ...(await parts.records.guestsOf(shop, customer))];
}

export const customerName = (customerId: string): string => `c:${customerId}`;

export function isNothing(left: RecordCounts & { objects: number }): boolean {
  return left.photos + left.portraits + left.events + left.others + left.objects === 0;
}
