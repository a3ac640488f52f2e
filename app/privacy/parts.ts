import type { ObjectStore } from "#app/gallery/object-store.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import type { DirectUploads } from "#app/photos/direct-uploads.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import type { PersonalRecords } from "./personal-records.ts";

/** What the privacy stories are made of. */
export type PrivacyParts = {
  records: PersonalRecords;
  objects: ObjectStore;
  /** Wherever quotas are held: with Firestore that is not with the records. */
  quota: Pick<QuotaStore, "forgetShop">;
  /** What browsers have sent straight into storage and nobody has taken in yet: no record names it. */
  uploads: Pick<DirectUploads, "forget">;
  /** What the names of all objects of a shop start with. */
  objectPrefix: (shop: string) => string;
  clock: Clock;
  ids: Ids;
  log: Log;
};
