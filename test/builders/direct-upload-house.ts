import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { createFolderUploadSpool } from "#app/adapters/filesystem/folder-upload-spool.ts";
import { createGcsDirectUploads } from "#app/adapters/gcs/direct-uploads.ts";
import { createGcsObjectStore } from "#app/adapters/gcs/gcs-object-store.ts";
import { createPrismaIdempotentAnswers } from "#app/adapters/prisma/prisma-idempotent-answers.ts";
import { createPrismaPhotoRecords } from "#app/adapters/prisma/prisma-photo-records.ts";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { readConfig } from "#app/config.server.ts";
import { createFrontDoor } from "#app/front-door.ts";
import type { House } from "#app/house.ts";
import { createSessionTokens } from "#app/http/session-token.ts";
import { randomIds } from "#app/kernel/ids.ts";
import type { LogFacts } from "#app/kernel/log.ts";
import { createAdmittedUploads } from "#app/photos/admitted-uploads.ts";
import { createDirectPhotos } from "#app/photos/direct-photos.ts";
import type { DirectUploads } from "#app/photos/direct-uploads.ts";
import { directPhotoLimits, proxyPhotoLimits } from "#app/photos/limits.ts";
import { createUploadRoom, type UploadRoom } from "#app/photos/upload-room.ts";
import { takePhoto } from "#app/photos/take-photo.ts";
import { openEmbeddedDatabase } from "./databases.ts";
import { builtDoors } from "./built-doors.ts";
import { fakeBucket, impatient, openFakeGcs, type FakeGcs } from "./gcs.ts";
import { stoppedClock } from "./stopped-clock.ts";
import { testSecret } from "./storefront.ts";

/**
 * As much of a house as a photo passes through, with Cloud Storage's fake for its storage and a clock that stands: the
 * storefront's own doors over real HTTP, the real records, intake and reader. Nothing is painted here.
 */
export type DirectUploadHouse = {
  url: string;
  gcs: FakeGcs;
  clock: ReturnType<typeof stoppedClock>;
  uploads: DirectUploads;
  /** Names of all objects in the bucket, sorted. */
  objects(): string[];
  /** Files that the spool still holds. */
  spooled(): string[];
  room: UploadRoom;
  said: { level: string; event: string; facts: LogFacts }[];
  close(): Promise<void>;
};

export async function openDirectUploadHouse(options: { uploadBytes?: number } = {}): Promise<DirectUploadHouse> {
  const dataDir = mkdtempSync(join(tmpdir(), "pet-portraits-direct-"));
  const clock = stoppedClock(Date.now());
  const gcs = await openFakeGcs({ nowMs: () => clock.atMs });
  const { prisma, close: closeDatabase } = await openEmbeddedDatabase();
  const spool = createFolderUploadSpool(join(dataDir, "uploads"));
  const room = createUploadRoom({ bytes: options.uploadBytes ?? 1_000_000_000 });
  const admitted = createAdmittedUploads({ spool, room, clock, wholeBodyMs: 120_000 });
  const uploads = createGcsDirectUploads(gcs.bucket, { clock, patience: impatient });
  const said: DirectUploadHouse["said"] = [];
  const tell = (level: string) => (event: string, facts?: LogFacts) =>
    void said.push({ level, event, facts: facts ?? {} });
  const intake = {
    reader: createPhotoReader(),
    records: createPrismaPhotoRecords(prisma),
    bytes: createGcsObjectStore(gcs.bucket, { clock, patience: impatient }),
    clock,
    ids: randomIds,
    limits: proxyPhotoLimits,
  };
  const house = {
    config: readConfig({ SHOPIFY_API_SECRET: testSecret, DATA_DIR: dataDir }),
    clock,
    log: { info: tell("info"), warn: tell("warn"), error: tell("error") },
    sessions: createSessionTokens({ secrets: [testSecret], clock, ids: randomIds }),
    answers: createPrismaIdempotentAnswers(prisma),
    uploads: admitted,
    isOverloaded: () => false,
    photos: {
      limits: proxyPhotoLimits,
      take: (shopper, upload, given) => takePhoto(intake, shopper, upload, given),
      direct: createDirectPhotos({ ...intake, limits: directPhotoLimits, admitted, uploads }),
    },
    quota: async () => ({
      limit: 3,
      used: 0,
      remaining: 3,
      level: "plenty",
      resetsAtMs: clock.atMs,
      blockedBy: null,
      retryAtMs: null,
    }),
    isReady: async () => true,
  } satisfies Partial<House> as unknown as House;
  const app = createFrontDoor({ house, remix: await builtDoors() });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }) as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await closeDatabase();
    await gcs.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    gcs,
    clock,
    uploads,
    objects: () => [...(gcs.fake.buckets.get(fakeBucket)?.objects.keys() ?? [])].sort(),
    spooled: () =>
      readdirSync(dataDir, { recursive: true })
        .map(String)
        .filter((name) => name.startsWith("uploads/")),
    room,
    said,
    close,
  };
}
