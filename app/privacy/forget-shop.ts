import { isNothing } from "./forget-shopper.ts";
import type { PrivacyParts } from "./parts.ts";
import type { OpenRequest, PrivacyReceipt } from "./personal-records.ts";

/** How many objects of a shop are deleted at a time: enough to hide a store's latency, too few to crowd it. */
const atATime = 16;

/**
 * Forgets a whole shop. Shops never share an object, so its bytes are whatever the store lists under its prefix: nothing
 * depends on the records having named it, and the proof is a listing that is empty.
 */
export async function forgetWholeShop(
  parts: PrivacyParts,
  request: OpenRequest,
): Promise<{ receipt: PrivacyReceipt; done: boolean }> {
  const forgotten = await parts.records.forgetShop(request);
  const others = forgotten.deleted.others + (await parts.quota.forgetShop(request.shop));
  const sent = await parts.uploads.forget(request.shop, "everybody");
  const objectsDeleted = forgotten.objectsDeleted + sent + (await deleteListed(parts, request.shop));
  const progress = { ...forgotten, deleted: { ...forgotten.deleted, others }, objectsDeleted };
  await parts.records.saveProgress(request, progress);

  const leftRecords = await parts.records.count(request.shop, "everybody", parts.clock.now());
  const left = { ...leftRecords, objects: await countListed(parts, request.shop) };
  const receipt: PrivacyReceipt = {
    records: progress.deleted,
    objects: progress.objectsDeleted,
    objectsShared: 0,
    left,
  };
  return { receipt, done: isNothing(left) };
}

async function deleteListed(parts: PrivacyParts, shop: string): Promise<number> {
  let deleted = 0;
  let batch: string[] = [];
  const flush = async () => {
    const outcomes = await Promise.all(batch.map((name) => deleteQuietly(parts, shop, name)));
    deleted += outcomes.filter(Boolean).length;
    batch = [];
  };
  for await (const name of parts.objects.list(parts.objectPrefix(shop))) {
    batch.push(name);
    if (batch.length === atATime) await flush();
  }
  await flush();
  return deleted;
}

/** One object that will not go must not keep the others; the listing afterwards tells that it is still there. */
async function deleteQuietly(parts: PrivacyParts, shop: string, name: string): Promise<boolean> {
  try {
    return await parts.objects.delete(name);
  } catch (error) {
    parts.log.warn("privacy.object_not_deleted", { shop, error });
    return false;
  }
}

async function countListed(parts: PrivacyParts, shop: string): Promise<number> {
  let count = 0;
  for await (const _name of parts.objects.list(parts.objectPrefix(shop))) count += 1;
  return count;
}
