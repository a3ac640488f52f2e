import { previewBucketRules, privateBucketRules, type BucketRules } from "#app/adapters/gcs/bucket-rules.ts";
import { startFakeCloudStorage } from "#test/google/fake-cloud-storage/fake-cloud-storage.ts";
import { storageBuckets, type StorageFacts } from "./storage-processes.ts";

/**
 * Cloud Storage's fake in a process of its own, for tests that are about much: beside the test it would wait for the test.
 * It tells the process that started it where it is, and ends with it.
 */
const settingsOf = ({ softDeletePolicy, ...rules }: BucketRules) => ({
  ...rules,
  softDeletePolicy: { retentionDurationSeconds: String(softDeletePolicy.retentionDurationSeconds) },
});

const { url, credentials } = await startFakeCloudStorage({
  buckets: {
    [storageBuckets.private]: settingsOf(privateBucketRules),
    [storageBuckets.previews]: settingsOf(previewBucketRules),
  },
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url, credentials } satisfies StorageFacts);
