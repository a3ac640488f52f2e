import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Starts Cloud Storage's fake in a process of its own. */
export type StorageProcess = {
  url: string;
  /** Settings with which a house in a process of its own uses it. */
  environment: Record<string, string>;
  stop(): void;
};

export type StorageFacts = { url: string; credentials: object };

export const storageBuckets = { private: "pet-portraits-private", previews: "pet-portraits-previews" } as const;

const entry = new URL("./storage-process.ts", import.meta.url).pathname;

/** @param folder - where the key is put with which the house signs */
export async function startStorageProcess(folder: string): Promise<StorageProcess> {
  const child = fork(entry, { execArgv: [] });
  const { url, credentials } = await new Promise<StorageFacts>((resolve, reject) => {
    child.once("message", (facts: StorageFacts) => resolve(facts));
    child.once("exit", (code) => reject(new Error(`the storage ended with ${code}`)));
  });
  const key = join(folder, "service-account.json");
  writeFileSync(key, JSON.stringify({ type: "service_account", project_id: "test", ...credentials }), { mode: 0o600 });
  return {
    url,
    environment: {
      GALLERY: "cloud-storage",
      GOOGLE_CLOUD_PROJECT: "test",
      GOOGLE_APPLICATION_CREDENTIALS: key,
      METADATA_SERVER_DETECTION: "none",
      PRIVATE_BUCKET: storageBuckets.private,
      PREVIEW_BUCKET: storageBuckets.previews,
      STORAGE_API_ENDPOINT: url,
    },
    stop: () => void child.disconnect(),
  };
}
