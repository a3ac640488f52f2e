import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewBucketRules, privateBucketRules, type BucketRules } from "#app/adapters/gcs/bucket-rules.ts";
import type { BucketSettings } from "./fake-cloud-storage/buckets.ts";
import { startFakeCloudStorage } from "./fake-cloud-storage/fake-cloud-storage.ts";
import { startFakeGemini, type FakeGemini, type FakeGeminiOptions } from "./fake-gemini/start-fake-gemini.ts";
import { howToGetAnEmulator, startFirestoreEmulator } from "./firestore-emulator.ts";

/**
 * Google on one machine, for `npm run preview -- --google`: a fake Gemini, a fake Cloud Storage and Firestore's own
 * emulator, spoken to by the real SDKs. All of them keep what they have in memory, so the app gets a folder that goes with
 * them: its records would name pictures that are gone.
 */
export type GoogleStandIns = {
  /** Settings with which the app uses them. */
  environment: Record<string, string>;
  gemini: FakeGemini;
  /** What a person should know: sentences. */
  notes: string[];
  stop(): Promise<void>;
};

const buckets = { private: "pet-portraits-private", previews: "pet-portraits-previews" };

export async function startGoogleStandIns(options: Pick<FakeGeminiOptions, "pictures"> = {}): Promise<GoogleStandIns> {
  const folder = mkdtempSync(join(tmpdir(), "pet-portraits-google-"));
  const [gemini, storage, firestore] = await Promise.all([
    startFakeGemini(options),
    startFakeCloudStorage({
      buckets: {
        [buckets.private]: settingsOf(privateBucketRules),
        [buckets.previews]: settingsOf(previewBucketRules),
      },
    }),
    startFirestoreEmulator(),
  ]);
  const previews = storage.buckets.get(buckets.previews);
  if (previews !== undefined) previews.isPublic = true;
  // The SDK signs with what it finds here, as it would with a service account's key.
  const key = join(folder, "service-account.json");
  writeFileSync(key, JSON.stringify({ type: "service_account", project_id: "stand-in", ...storage.credentials }), {
    mode: 0o600,
  });
  const quotas =
    firestore === undefined
      ? { QUOTA_STORE: "database" }
      : { QUOTA_STORE: "firestore", FIRESTORE_EMULATOR_HOST: firestore.host };
  return {
    environment: {
      DATA_DIR: join(folder, "data"),
      GOOGLE_CLOUD_PROJECT: "stand-in",
      GOOGLE_APPLICATION_CREDENTIALS: key,
      METADATA_SERVER_DETECTION: "none",
      PAINTER: "gemini",
      GEMINI_API_KEY: "fake-key",
      GEMINI_BASE_URL: gemini.url,
      GALLERY: "cloud-storage",
      PRIVATE_BUCKET: buckets.private,
      PREVIEW_BUCKET: buckets.previews,
      STORAGE_API_ENDPOINT: storage.url,
      ...quotas,
    },
    gemini,
    notes: [
      "Gemini and Cloud Storage are stand-ins; what is made is gone when the preview ends.",
      ...(firestore === undefined ? [`Quotas are held in the database: ${howToGetAnEmulator}.`] : []),
    ],
    async stop() {
      await Promise.all([gemini.close(), storage.close(), firestore?.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settingsOf({ softDeletePolicy, ...rules }: BucketRules): BucketSettings {
  const retentionDurationSeconds = String(softDeletePolicy.retentionDurationSeconds);
  return { ...rules, softDeletePolicy: { retentionDurationSeconds } };
}
