import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { startFakeCloudStorage, type FakeCloudStorage } from "#test/google/fake-cloud-storage/fake-cloud-storage.ts";
import { openQuickHouse, roomy, type QuickHouse } from "./quick-house.ts";
import { startRelay, type Relay } from "./relay.ts";

/** A quick house whose pictures lie in Cloud Storage's fake, at the end of a line that can be cut. */
export type CloudStorageHouse = { house: QuickHouse; storage: FakeCloudStorage; line: Relay; close(): Promise<void> };

export const storageBuckets = { private: "pictures-private", previews: "pictures-previews" };

export async function openCloudStorageHouse(): Promise<CloudStorageHouse> {
  const folder = mkdtempSync(join(tmpdir(), "pet-portraits-storage-"));
  const storage = await startFakeCloudStorage({
    buckets: { [storageBuckets.private]: {}, [storageBuckets.previews]: {} },
  });
  const line = await startRelay(new URL(storage.url).host);
  const key = join(folder, "service-account.json");
  writeFileSync(key, JSON.stringify({ type: "service_account", project_id: "stand-in", ...storage.credentials }));
  // The SDK looks at these by itself.
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", key);
  vi.stubEnv("METADATA_SERVER_DETECTION", "none");
  const house = await openQuickHouse({
    environment: {
      ...roomy,
      GALLERY: "cloud-storage",
      GOOGLE_CLOUD_PROJECT: "stand-in",
      PRIVATE_BUCKET: storageBuckets.private,
      PREVIEW_BUCKET: storageBuckets.previews,
      STORAGE_API_ENDPOINT: `http://${line.host}`,
    },
  });
  const close = async () => {
    line.resume();
    await house.close();
    await line.close();
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { house, storage, line, close };
}
