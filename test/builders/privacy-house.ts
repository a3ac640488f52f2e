import type { Ids } from "#app/kernel/ids.ts";
import { createPrivacy } from "#app/privacy/privacy.ts";
import { createMemoryObjectStore } from "./memory-object-store.ts";
import { createMemoryPersonalRecords, type Tables } from "./memory-personal-records.ts";
import { quietLog } from "./quiet-log.ts";
import { aliasRow, eventRow, photoRow, portraitRow } from "./rows.ts";

/** The privacy stories on fakes, with a clock and a store that a test can put out of order. */
export const noonMs = Date.UTC(2026, 10, 24, 12);
export const dayMs = 24 * 60 * 60_000;
export const [tide, moss] = ["tide.myshopify.com", "moss.myshopify.com"] as const;
export const inShop = (shop: string, name: string) => `shops/${shop}/${name}`;

export function openPrivacyHouse() {
  const time = { nowMs: noonMs };
  const clock = { nowMs: () => time.nowMs, now: () => new Date(time.nowMs) };
  let last = 0;
  const ids: Ids = { next: (kind) => `${kind}_${(last += 1)}` };
  const { records, tables, stored } = createMemoryPersonalRecords();
  const objects = createMemoryObjectStore();
  const { log, said } = quietLog();
  const objectPrefix = (shop: string) => `shops/${shop}/`;
  const quota = createQuotaElsewhere();
  const uploads = createUploadsElsewhere();
  const privacy = createPrivacy({ records, objects: objects.store, quota, uploads, objectPrefix, clock, ids, log });
  const made = (...given: Parameters<Made>) => makePortraitIn({ tables, objects }, ...given);
  return { made, privacy, quota, uploads, records, tables, stored, objects, said, time };
}

/** Quotas that are not held with the records: entries a shop, and a switch for a store that does not answer. */
function createQuotaElsewhere() {
  const entries = new Map<string, number>();
  const trouble = { silent: false };
  const forgetShop = async (shop: string): Promise<number> => {
    if (trouble.silent) throw new Error("the quota store does not answer");
    const count = entries.get(shop) ?? 0;
    entries.delete(shop);
    return count;
  };
  return { entries, trouble, forgetShop };
}

/** What browsers have sent and nobody has taken in: `shop/owner` for each file. */
function createUploadsElsewhere() {
  let files: string[] = [];
  return {
    put: (...names: string[]) => void files.push(...names),
    files: () => files,
    async forget(shop: string, owners: readonly string[] | "everybody"): Promise<number> {
      const before = files.length;
      const isTheirs = (file: string) =>
        owners === "everybody" ? file.startsWith(`${shop}/`) : owners.some((owner) => file === `${shop}/${owner}`);
      files = files.filter((file) => !isTheirs(file));
      return before - files.length;
    },
  };
}

type MemoryObjects = ReturnType<typeof createMemoryObjectStore>;
type Given = { session?: string; expiresAt?: Date };
type Made = (shop: string, shopper: string, picture: string, given?: Given) => void;

/** A photo and its portrait, made by one shopper, with their bytes. */
function makePortraitIn(
  { tables, objects }: { tables: Tables; objects: MemoryObjects },
  shop: string,
  shopper: string,
  picture: string,
  given: Given = {},
) {
  const { expiresAt = new Date(noonMs + 7 * dayMs), session = "s:ses_x" } = given;
  const photo = photoRow(shop, shopper, { objectName: inShop(shop, `photos/${picture}`), expiresAt });
  const drawn = { objectName: inShop(shop, `portraits/${picture}`), key: picture, session, expiresAt };
  tables.photo.push(photo);
  tables.photoAlias.push(aliasRow(photo));
  tables.portrait.push(portraitRow(shop, shopper, drawn));
  tables.storefrontEvent.push(eventRow(shop, shopper));
  objects.put(photo.objectName, drawn.objectName);
}
