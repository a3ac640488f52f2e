import { join } from "node:path";
import { createFolderObjectStore } from "#app/adapters/filesystem/folder-object-store.ts";
import { removeFilesOlderThan } from "#app/adapters/filesystem/leftovers.ts";
import type { Patience } from "#app/adapters/gcs/patience.ts";
import type { Config } from "#app/config.server.ts";
import type { GalleryConfig } from "#app/google-settings.server.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { DirectUploads } from "#app/photos/direct-uploads.ts";

/** Where bytes lie: what only we can read, what the public sees, and what browsers send on their own. */
export type Stores = {
  /** For whatever a shopper waits for, and for what is swept again soon. */
  quick: PictureStores;
  /** For makings: a picture that was paid for is worth a wait. */
  patient: PictureStores;
  /** Null where storage is a folder, to which no browser can send. */
  uploads: DirectUploads | null;
};

export type PictureStores = { masters: ObjectStore; previews: ObjectStore };

type Options = {
  config: Config;
  clock: Clock;
  around(name: "masters" | "previews", store: ObjectStore): ObjectStore;
};

export async function openStores({ config, clock, around }: Options): Promise<Stores> {
  await removeLeftovers(config, clock);
  const wrapped = ({ masters, previews }: PictureStores): PictureStores => ({
    masters: around("masters", masters),
    previews: around("previews", previews),
  });
  if (config.gallery.kind === "cloud-storage") {
    const { quick, patient, uploads } = await openCloudStores(config.gallery, clock);
    return { quick: wrapped(quick), patient: wrapped(patient), uploads };
  }
  const folders = wrapped({
    masters: createFolderObjectStore(join(config.dataDir, "gallery")),
    previews: createFolderObjectStore(join(config.dataDir, "previews")),
  });
  return { quick: folders, patient: folders, uploads: null };
}

/**
 * Previews never change, so browsers and a CDN need not ask again. Not for ever, because what a shopper has had deleted
 * must not live on in caches for a year: a week, as long as a guest's portrait is kept.
 */
const immutable = "public, max-age=604800, immutable";

async function openCloudStores(
  { project: projectId, privateBucket, previewBucket, apiEndpoint }: Extract<GalleryConfig, { kind: "cloud-storage" }>,
  clock: Clock,
): Promise<Stores> {
  const { createGcsDirectUploads } = await import("#app/adapters/gcs/direct-uploads.ts");
  const { createGcsObjectStore } = await import("#app/adapters/gcs/gcs-object-store.ts");
  const { openCloudStorage } = await import("#app/adapters/gcs/open-cloud-storage.ts");
  const { makingsPatience, shoppersPatience } = await import("#app/adapters/gcs/patience.ts");
  const { createStorageWatch } = await import("#app/adapters/gcs/storage-watch.ts");
  const open = (bucket: string) =>
    openCloudStorage({ projectId, bucket, ...(apiEndpoint === null ? {} : { apiEndpoint }) });
  const [closed, shown] = [open(privateBucket), open(previewBucket)];
  const watch = createStorageWatch();
  const storesWith = (patience: Patience): PictureStores => ({
    masters: createGcsObjectStore(closed, { clock, watch, patience }),
    previews: createGcsObjectStore(shown, { clock, watch, patience, cacheControl: immutable }),
  });
  return {
    quick: storesWith(shoppersPatience),
    patient: storesWith(makingsPatience),
    uploads: createGcsDirectUploads(closed, { clock, watch, patience: shoppersPatience }),
  };
}

/** Half-written files of processes that died. Another instance may share the folder, so what is young is left alone. */
async function removeLeftovers(config: Config, clock: Clock): Promise<void> {
  const olderThanMs = clock.nowMs() - 60 * 60_000;
  for (const folder of ["uploads", "gallery/drafts", "previews/drafts"])
    await removeFilesOlderThan(join(config.dataDir, folder), olderThanMs);
}
