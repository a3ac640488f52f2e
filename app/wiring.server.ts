import { join } from "node:path";
import { createFolderUploadSpool } from "#app/adapters/filesystem/folder-upload-spool.ts";
import { createPgBossPaintingQueue } from "#app/adapters/pg-boss/painting-queue.ts";
import { openDatabase, type Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { createPrismaIdempotentAnswers } from "#app/adapters/prisma/prisma-idempotent-answers.ts";
import { createPrismaPersonalRecords } from "#app/adapters/prisma/prisma-personal-records.ts";
import { createPrismaPhotoRecords } from "#app/adapters/prisma/prisma-photo-records.ts";
import { createPrismaPortraitRecords } from "#app/adapters/prisma/prisma-portrait-records.ts";
import { createPrismaShopSecrets } from "#app/adapters/prisma/prisma-shop-secrets.ts";
import { createPrismaStorefrontEvents } from "#app/adapters/prisma/prisma-storefront-events.ts";
import { createPrismaUsageReport } from "#app/adapters/prisma/prisma-usage-report.ts";
import { createPrismaWebhookDeliveries } from "#app/adapters/prisma/prisma-webhook-deliveries.ts";
import { createPreviewMaker } from "#app/adapters/sharp/preview-maker.ts";
import { repeatInBackground } from "#app/background-work.ts";
import type { Config } from "#app/config.server.ts";
import { createGallery } from "#app/gallery/gallery.ts";
import { joinStores } from "#app/gallery/join-stores.ts";
import type { House } from "#app/house.ts";
import { createSessionTokens } from "#app/http/session-token.ts";
import { createWebhooks } from "#app/http/webhooks.ts";
import { systemClock, type Clock } from "#app/kernel/clock.ts";
import { randomIds } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import { createMakePortrait, type MakePortrait } from "#app/portraits/make-portrait.ts";
import { resumePortraits } from "#app/portraits/resume-portraits.ts";
import { createPortraitNews } from "#app/portraits/watch-portrait.ts";
import { createPrivacy } from "#app/privacy/privacy.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { createShopify } from "#app/shopify.server.ts";
import { openPainting, type PaintingParts } from "./wiring/painting.ts";
import { portraitSize } from "./wiring/portrait-size.ts";
import { openQuota } from "./wiring/quota.ts";
import { openStores } from "./wiring/stores.ts";
import { storefrontStories } from "./wiring/storefront.ts";

/**
 * Builds the house once: with its folder, the only place that knows both the adapters and the stories. A test may put a part of its own in
 * the place of a slow or a paid one.
 */
export type HouseOptions = {
  config: Config;
  log: Log;
  clock?: Clock;
  migrationsFolder: string;
  parts?: PaintingParts & { database?: Database; quota?: QuotaStore };
};

export type BuiltHouse = {
  house: House;
  /** Takes no more work, ends or hands back what is at work, closes everything. */
  close(options?: { timeoutMs?: number }): Promise<void>;
};

/** For one making: a minute for all attempts of the painter, and twenty seconds for the cutout before them; milliseconds. */
const makingDeadlineMs = 80_000;
/** Longer than a making, and renewed when it starts: after a crash nothing is held for longer than this. */
const leaseMs = 90_000;
/** The window in which providers add up what a project spends, milliseconds. */
const spendingWindowMs = 10 * 60_000;
const resumeEveryMs = 15_000;
const giveUpAfterMs = 30 * 60_000;
const sweepEveryMs = 10 * 60_000;

export async function buildHouse(options: HouseOptions): Promise<BuiltHouse> {
  const parts = await openParts(options);
  const { config, log, clock, ids, database, queue, privacy } = parts;
  const makePortrait = openMaking(parts);
  const house: House = Object.freeze({
    config,
    clock,
    ids,
    log,
    shopify: createShopify({ config, prisma: database.prisma }),
    sessions: createSessionTokens({ secrets: [config.shopify.apiSecret], clock, ids }),
    answers: createPrismaIdempotentAnswers(database.prisma),
    uploads: parts.spool,
    ...storefrontStories(parts, makePortrait),
    events: parts.events,
    usage: createPrismaUsageReport(database.prisma),
    usualRemover: parts.remover.variant,
    privacy,
    webhooks: createWebhooks({
      ...parts,
      apiSecrets: [config.shopify.apiSecret],
      deliveries: createPrismaWebhookDeliveries(database.prisma),
    }),
    isReady: () =>
      database.prisma.$queryRaw`SELECT 1`.then(
        () => true,
        () => false,
      ),
  });

  await queue.start({
    make: makePortrait.make,
    isWaitedFor: async ({ shop, key }) => (await parts.records.waitingFor(shop, key)).length > 0,
  });
  const stopBackgroundWork = startBackgroundWork(parts, makePortrait);
  return { house, close: ({ timeoutMs = 8_000 } = {}) => closeParts(parts, stopBackgroundWork, timeoutMs) };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

function openMaking(parts: Parts): MakePortrait {
  const { gemini, dailyBudgetMicroUsd } = parts.config;
  const spendingLimit =
    gemini === null ? undefined : { windowMs: spendingWindowMs, microUsd: gemini.spendingLimitMicroUsd };
  return createMakePortrait({
    ...parts,
    size: portraitSize(parts.config),
    deadlineMs: makingDeadlineMs,
    dailyBudgetMicroUsd,
    spendingLimit,
  });
}

function startBackgroundWork(parts: Parts, makePortrait: MakePortrait): () => Promise<void> {
  const { log, privacy } = parts;
  return repeatInBackground(log, [
    {
      name: "resume portraits",
      everyMs: resumeEveryMs,
      work: () => resumePortraits({ ...parts, makePortrait, silentForMs: resumeEveryMs, giveUpAfterMs }),
    },
    { name: "resume privacy requests", everyMs: 4 * resumeEveryMs, work: () => privacy.resumeUnfinished() },
    { name: "sweep expired", everyMs: sweepEveryMs, work: () => privacy.sweepExpired() },
    { name: "sweep uploads", everyMs: sweepEveryMs, work: async () => parts.directUploads?.sweep() },
    { name: "sweep orphans", everyMs: 6 * sweepEveryMs, work: () => privacy.sweepOrphans() },
  ]);
}

/** Opens everything that holds a connection, a thread or a file, and fails the start where one of them does not work. */
async function openParts(options: HouseOptions) {
  const { config, log, clock = systemClock, migrationsFolder, parts: given = {} } = options;
  const ids = randomIds;
  const database = given.database ?? (await openDatabase({ ...config, migrationsFolder }));
  const { prisma } = database;
  const records = createPrismaPortraitRecords(prisma);
  const { uploads: directUploads, ...stores } = await openStores(config, clock);
  const quota = given.quota ?? (await openQuota(config, { database, log }));
  const objects = joinStores(stores);
  const news = createPortraitNews();
  return {
    config,
    log,
    clock,
    ids,
    leaseMs,
    database,
    records,
    news,
    objects,
    directUploads,
    spool: createFolderUploadSpool(join(config.dataDir, "uploads")),
    ...(await openPainting({ config, log, clock, parts: given })),
    queue: createPgBossPaintingQueue({
      on: config.databaseUrl === null ? { pool: database.pool } : { connectionString: config.databaseUrl },
      concurrency: config.painter.portraitsAtOnce,
      deadlineSeconds: makingDeadlineMs / 1000,
      log,
    }),
    onChange: news.changed,
    photos: createPrismaPhotoRecords(prisma),
    secrets: createPrismaShopSecrets(prisma),
    gallery: createGallery({ ...stores, previewMaker: createPreviewMaker() }),
    quota,
    budget: createPrismaBudgetStore(prisma),
    attempts: createPrismaAttemptLog(prisma),
    events: createPrismaStorefrontEvents(prisma, { clock, ids }),
    privacy: createPrivacy({
      records: createPrismaPersonalRecords(prisma),
      objects,
      quota,
      uploads: directUploads ?? { forget: () => Promise.resolve(0) },
      objectPrefix: (shop) => `shops/${shop}/`,
      clock,
      ids,
      log,
    }),
  };
}

async function closeParts(
  { queue, workers, database }: Parts,
  stopBackgroundWork: () => Promise<void>,
  timeoutMs: number,
): Promise<void> {
  await stopBackgroundWork();
  await queue.stop(timeoutMs);
  await workers.close();
  await database.close();
}
