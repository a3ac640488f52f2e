import { deleteObject } from "./delete-objects.ts";
import type { PrivacyParts } from "./parts.ts";

/** Longer than any work between writing an object and writing the record that names it. */
export const orphanAfterMs = 2 * 60 * 60_000;

const batch = 500;

/**
 * Deletes objects that no record names: what a crash left between an object and its record, and the portrait that was
 * being painted while its shopper was forgotten. An object is an orphan only when it has been one for two hours, because
 * bytes are written before the record that names them.
 *
 * @param suspects - when each nameless object was first seen nameless; kept by the caller from sweep to sweep
 * @returns how many were deleted
 */
export async function sweepOrphans(parts: PrivacyParts, suspects: Map<string, number>): Promise<number> {
  const seen = new Set<string>();
  let deleted = 0;
  for await (const { shop, names } of batchesByShop(parts)) {
    for (const name of await parts.records.unnamed(shop, names)) {
      seen.add(name);
      const sinceMs = suspects.get(name) ?? parts.clock.nowMs();
      suspects.set(name, sinceMs);
      if (parts.clock.nowMs() - sinceMs < orphanAfterMs) continue;
      if ((await deleteObject(parts, shop, name)) === "gone") deleted += 1;
    }
  }
  for (const name of suspects.keys()) if (!seen.has(name)) suspects.delete(name);
  if (deleted > 0) parts.log.info("privacy.orphans_deleted", { deleted });
  return deleted;
}

async function* batchesByShop(parts: PrivacyParts): AsyncGenerator<{ shop: string; names: string[] }> {
  const open = new Map<string, string[]>();
  for await (const name of parts.objects.list("")) {
    const shop = /[a-z0-9][a-z0-9-]*\.myshopify\.com/.exec(name)?.[0];
    if (shop === undefined || !name.startsWith(parts.objectPrefix(shop))) continue;
    const names = open.get(shop) ?? [];
    names.push(name);
    open.set(shop, names);
    if (names.length < batch) continue;
    open.delete(shop);
    yield { shop, names };
  }
  for (const [shop, names] of open) yield { shop, names };
}
