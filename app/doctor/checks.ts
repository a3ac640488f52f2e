import { openFirestore, reachFirestore } from "#app/adapters/firestore/open-firestore.ts";
import { openCloudStorage } from "#app/adapters/gcs/open-cloud-storage.ts";
import { probeGemini } from "#app/adapters/gemini/probe-gemini.ts";
import { openServer } from "#app/adapters/prisma/open-database.ts";
import type { Config } from "#app/config.server.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { clockCheck } from "./clock-check.ts";
import { databaseCheck } from "./database-check.ts";
import type { Check } from "./finding.ts";
import { bucketChecks, firestoreCheck, modelCheck, type BucketLook } from "./google-checks.ts";
import { appChecks } from "./shopify-checks.ts";

/** Servers whose clocks are right, and on which the app depends anyway. */
const clockHosts = ["https://accounts.shopify.com", "https://storage.googleapis.com"];

/** Every check that means something for a configuration: what is not in use is not looked at. */
export function doctorChecks(
  config: Config,
  { clock, migrationsFolder }: { clock: Clock; migrationsFolder: string },
): Check[] {
  const { databaseUrl, appUrl, shopify } = config;
  const open = databaseUrl === null ? null : () => openServer(databaseUrl, 1);
  return [
    databaseCheck({ open, migrationsFolder }),
    clockCheck({ clock, hosts: clockHosts }),
    ...geminiChecks(config, clock),
    ...storageChecks(config),
    ...quotaChecks(config),
    ...appChecks({ appUrl, apiSecret: shopify.apiSecret, clock }),
  ];
}

function geminiChecks({ gemini }: Config, clock: Clock): Check[] {
  if (gemini === null) return [];
  const { access, baseUrl } = gemini;
  const models = [gemini.model, gemini.cheaperModel].filter((model) => model !== null);
  const probe = (model: string) => probeGemini({ access, model, ...(baseUrl === null ? {} : { baseUrl }) });
  return models.map((model) => modelCheck({ model, probe, clock }));
}

function storageChecks({ gallery }: Config): Check[] {
  if (gallery.kind === "folder") return [];
  const { project, privateBucket, previewBucket, apiEndpoint } = gallery;
  const endpoint = apiEndpoint ?? "https://storage.googleapis.com";
  const look: BucketLook = {
    async describe(bucket) {
      const at = { projectId: project, bucket, ...(apiEndpoint === null ? {} : { apiEndpoint }) };
      const [metadata] = await openCloudStorage(at).getMetadata();
      return metadata;
    },
    async listAsStranger(bucket, signal) {
      const response = await fetch(`${endpoint}/storage/v1/b/${bucket}/o?maxResults=1`, { signal });
      await response.body?.cancel();
      return response.status;
    },
  };
  return bucketChecks({ private: privateBucket, previews: previewBucket }, look);
}

function quotaChecks({ quotaStore }: Config): Check[] {
  if (quotaStore.kind === "database") return [firestoreCheck({ database: "", reach: null })];
  const { project, database, emulatorHost } = quotaStore;
  const reach = async () => {
    const place = { projectId: project, databaseId: database };
    const firestore = openFirestore(emulatorHost === null ? place : { ...place, emulatorHost });
    return reachFirestore(firestore).finally(() => firestore.terminate());
  };
  return [firestoreCheck({ database, reach })];
}
