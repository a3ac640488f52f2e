import type { Bucket } from "@google-cloud/storage";
import { privateBucketRules } from "#app/adapters/gcs/bucket-rules.ts";
import { createGcsObjectStore, type GcsObjectStoreOptions } from "#app/adapters/gcs/gcs-object-store.ts";
import { openCloudStorage } from "#app/adapters/gcs/open-cloud-storage.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import { systemClock } from "#app/kernel/clock.ts";
import {
  startFakeCloudStorage,
  type FakeCloudStorage,
  type FakeCloudStorageOptions,
} from "#test/google/fake-cloud-storage/fake-cloud-storage.ts";

/** Cloud Storage's fake with a bucket as the rules want it, and the real SDK in front of it. */
export type FakeGcs = { fake: FakeCloudStorage; bucket: Bucket; close(): Promise<void> };

export const fakeBucket = "pet-portraits-test";

export async function openFakeGcs(options: FakeCloudStorageOptions = {}): Promise<FakeGcs> {
  const { softDeletePolicy, ...rules } = privateBucketRules;
  const retentionDurationSeconds = String(softDeletePolicy.retentionDurationSeconds);
  const settings = { ...rules, softDeletePolicy: { retentionDurationSeconds } };
  const fake = await startFakeCloudStorage({ buckets: { [fakeBucket]: settings }, ...options });
  const bucket = openCloudStorage({
    projectId: "test-project",
    bucket: fakeBucket,
    apiEndpoint: fake.url,
    credentials: fake.credentials,
  });
  return { fake, bucket, close: () => fake.close() };
}

/** Patience of a test: many tries in little time. */
export const impatient = { deadlineMs: 2_000, firstWaitMs: 5, longestWaitMs: 20 };

export async function openGcsStore(
  options: Partial<GcsObjectStoreOptions> = {},
): Promise<FakeGcs & { store: ObjectStore }> {
  const gcs = await openFakeGcs();
  const store = createGcsObjectStore(gcs.bucket, { clock: systemClock, patience: impatient, ...options });
  return { ...gcs, store };
}
