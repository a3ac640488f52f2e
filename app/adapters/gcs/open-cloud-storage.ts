import { Storage, type Bucket } from "@google-cloud/storage";

/**
 * The client of Cloud Storage. It never repeats a call by itself: what may be repeated, and for how long, is decided by
 * who knows what the call does (see `patience.ts`).
 */
export type CloudStorageOptions = {
  projectId: string;
  bucket: string;
  /** Where the service answers, when that is not Google: no credentials are sent there. */
  apiEndpoint?: string;
  /** Of a service account. Without them the machine's own identity is used, and signing is a call to IAM. */
  credentials?: { client_email: string; private_key: string };
  /** For one HTTP request, milliseconds; then its connection is closed. */
  requestTimeoutMs?: number;
};

/** Opens nothing yet: the first call connects. */
export function openCloudStorage(options: CloudStorageOptions): Bucket {
  const { projectId, bucket, apiEndpoint, credentials, requestTimeoutMs = 30_000 } = options;
  const storage = new Storage({
    projectId,
    timeout: requestTimeoutMs,
    retryOptions: { autoRetry: false, maxRetries: 0 },
    ...(apiEndpoint === undefined ? {} : { apiEndpoint }),
  });
  // The client's option of this name does the same and warns on every start.
  if (credentials !== undefined) storage.authClient.jsonContent = credentials;
  return storage.bucket(bucket);
}
