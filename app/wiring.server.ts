import { join } from "node:path";
import { createFolderObjectStore } from "#app/adapters/filesystem/folder-object-store.ts";
import { createFolderUploadSpool } from "#app/adapters/filesystem/folder-upload-spool.ts";
import { removeFilesOlderThan } from "#app/adapters/filesystem/leftovers.ts";
import { createPgBossPaintingQueue } from "#app/adapters/pg-boss/painting-queue.ts";
import { openDatabase, type Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { createPrismaIdempotentAnswers } from "#app/adapters/prisma/prisma-idempotent-answers.ts";
import { createPrismaPersonalRecords } from "#app/adapters/prisma/prisma-personal-records.ts";
import { createPrismaPhotoRecords } from "#app/adapters/prisma/prisma-photo-records.ts";
import { createPrismaPortraitRecords } from "#app/adapters/prisma/prisma-portrait-records.ts";
import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import { createPrismaShopSecrets } from "#app/adapters/prisma/prisma-shop-secrets.ts";
import { createPrismaStorefrontEvents } from "#app/adapters/prisma/prisma-storefront-events.ts";
import { createPrismaUsageReport } from "#app/adapters/prisma/prisma-usage-report.ts";
import { createPrismaWebhookDeliveries } from "#app/adapters/prisma/prisma-webhook-deliveries.ts";
import { createClassicBackgroundRemover } from "#app/adapters/sharp/classic-background-remover.ts";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { createPixelWorkers } from "#app/adapters/sharp/pixel-workers.ts";
import { createPreviewPainter } from "#app/adapters/sharp/preview-painter.ts";
import { repeatInBackground } from "#app/background-work.ts";
import type { Config } from "#app/config.server.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import { createGallery } from "#app/gallery/gallery.ts";
import type { House } from "#app/house.ts";
import { createSessionTokens } from "#app/http/session-token.ts";
import { createWebhooks } from "#app/http/webhooks.ts";
import { systemClock, type Clock } from "#app/kernel/clock.ts";
import { randomIds } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import { ownersOf, type Shopper } from "#app/kernel/shopper.ts";
import { createPriceTable, type PriceTable } from "#app/ledger/price-table.ts";
import type { Painter } from "#app/painters/painter.ts";
import { proxyPhotoLimits } from "#app/photos/limits.ts";
import { takePhoto } from "#app/photos/take-photo.ts";
import { cancelPortrait } from "#app/portraits/cancel-portrait.ts";
import { createEstimator } from "#app/portraits/estimate.ts";
import { createMakePortrait, type MakePortrait } from "#app/portraits/make-portrait.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import { requestPortrait } from "#app/portraits/request-portrait.ts";
import { resumePortraits } from "#app/portraits/resume-portraits.ts";
import { createPortraitNews, watchPortrait } from "#app/portraits/watch-portrait.ts";
import { createPrivacy } from "#app/privacy/privacy.ts";
import { shopperQuota } from "#app/quota/shopper-quota.ts";
import { quotaClaims } from "#app/quota/tiers.ts";
import { createShopify } from "#app/shopify.server.ts";

/**
 * Builds the house once: the only file that knows both the adapters and the stories. A test may put a part of its own in
 * the place of a slow or a paid one.
 */
export type HouseOptions = {
  config: Config;
  log: Log;
  clock?: Clock;
  migrationsFolder: string;
  parts?: { painter?: Painter; remover?: BackgroundRemover; prices?: PriceTable; database?: Database };
};

export type BuiltHouse = {
  house: House;
  /** Takes no more work, ends or hands back what is at work, closes everything. */
  close(options?: { timeoutMs?: number }): Promise<void>;
};

/** A portrait on paper of 4 : 5, pixels. */
const portraitSize = { width: 1024, height: 1280 };
/** For one making; Gemini's slowest answers that are worth waiting for stay below it, milliseconds. */
const makingDeadlineMs = 60_000;
/** Longer than a making, and renewed when it starts. */
const leaseMs = 90_000;
const resumeEveryMs = 15_000;
const giveUpAfterMs = 30 * 60_000;
const sweepEveryMs = 10 * 60_000;

export async function buildHouse(options: HouseOptions): Promise<BuiltHouse> {
  const parts = await openParts(options);
  const { config, log, clock, ids, database, queue, privacy } = parts;
  const makePortrait = createMakePortrait({
    ...parts,
    size: portraitSize,
    deadlineMs: makingDeadlineMs,
    dailyBudgetMicroUsd: config.dailyBudgetMicroUsd,
  });
  const house: House = Object.freeze({
    config,
    clock,
    ids,
    log,
    shopify: createShopify({ config, prisma: database.prisma }),
    sessions: createSessionTokens({ secrets: [config.shopify.apiSecret], clock, ids }),
    answers: createPrismaIdempotentAnswers(database.prisma),
    uploads: createFolderUploadSpool(join(config.dataDir, "uploads")),
    ...storefrontStories(parts, makePortrait),
    events: parts.events,
    usage: createPrismaUsageReport(database.prisma),
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
  const stopBackgroundWork = repeatInBackground(log, [
    {
      name: "resume portraits",
      everyMs: resumeEveryMs,
      work: () => resumePortraits({ ...parts, makePortrait, silentForMs: resumeEveryMs, giveUpAfterMs }),
    },
    { name: "resume privacy requests", everyMs: 4 * resumeEveryMs, work: () => privacy.resumeUnfinished() },
    { name: "sweep expired", everyMs: sweepEveryMs, work: () => privacy.sweepExpired() },
    { name: "sweep orphans", everyMs: 6 * sweepEveryMs, work: () => privacy.sweepOrphans() },
  ]);
  return { house, close: ({ timeoutMs = 8_000 } = {}) => closeParts(parts, stopBackgroundWork, timeoutMs) };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens everything that holds a connection, a thread or a file, and fails the start where one of them does not work. */
async function openParts(options: HouseOptions) {
  const { config, log, clock = systemClock, migrationsFolder } = options;
  const ids = randomIds;
  const database = options.parts?.database ?? (await openDatabase({ ...config, migrationsFolder }));
  const { prisma } = database;
  const records = createPrismaPortraitRecords(prisma);
  const objects = createFolderObjectStore(join(config.dataDir, "gallery"));
  await removeLeftovers(config, clock);
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
    ...(await openPainting(options)),
    queue: createPgBossPaintingQueue({
      on: config.databaseUrl === null ? { pool: database.pool } : { connectionString: config.databaseUrl },
      concurrency: config.painter.concurrency,
      deadlineSeconds: makingDeadlineMs / 1000,
      log,
    }),
    onChange: news.changed,
    photos: createPrismaPhotoRecords(prisma),
    gallery: createGallery(objects),
    quota: createPrismaQuotaStore(prisma),
    budget: createPrismaBudgetStore(prisma),
    attempts: createPrismaAttemptLog(prisma),
    events: createPrismaStorefrontEvents(prisma, { clock, ids }),
    privacy: createPrivacy({
      records: createPrismaPersonalRecords(prisma),
      objects,
      objectPrefix: (shop) => `shops/${shop}/`,
      clock,
      ids,
      log,
    }),
  };
}

async function openPainting({ config, parts = {} }: HouseOptions) {
  const workers = createPixelWorkers({ threads: config.painter.concurrency });
  await workers.hello();
  const painter = parts.painter ?? createPreviewPainter(workers);
  const prices = parts.prices ?? createPriceTable();
  // A model without a price is found out now and not at the first portrait.
  prices.priceOf(painter.model);
  return {
    workers,
    painter,
    prices,
    remover: parts.remover ?? createClassicBackgroundRemover(workers),
    photoReader: createPhotoReader(),
  };
}

/** Half-written files of processes that died. Another instance may share the folder, so what is young is left alone. */
async function removeLeftovers(config: Config, clock: Clock): Promise<void> {
  const olderThanMs = clock.nowMs() - 60 * 60_000;
  for (const folder of ["uploads", "gallery/drafts"])
    await removeFilesOlderThan(join(config.dataDir, folder), olderThanMs);
}

/** What the storefront's doors can do, as functions of a shopper. */
function storefrontStories(parts: Parts, makePortrait: MakePortrait): Pick<House, "photos" | "portraits" | "quota"> {
  const { config, clock, records, news, gallery, quota } = parts;
  const estimator = createEstimator({ records, clock });
  const wishes = {
    ...parts,
    secrets: createPrismaShopSecrets(parts.database.prisma),
    limits: config.quota,
    dailyBudgetMicroUsd: config.dailyBudgetMicroUsd,
    cutoutVariant: parts.remover.variant,
    size: portraitSize,
    onCacheHit: (shopper: Shopper, portrait: PortraitRecord) =>
      parts.events.record({
        shop: shopper.shop,
        shopper: portrait.shopper,
        name: "cache_hit",
        portraitId: portrait.id,
      }),
  };
  const intake = {
    ...parts,
    reader: parts.photoReader,
    records: parts.photos,
    bytes: parts.objects,
    limits: proxyPhotoLimits,
  };
  return {
    photos: {
      limits: proxyPhotoLimits,
      take: (shopper, upload, given) => takePhoto(intake, shopper, upload, given),
    },
    portraits: {
      request: (shopper, wish) => requestPortrait(wishes, shopper, wish),
      watch: (shopper, watched) => watchPortrait({ records, news }, shopper, watched),
      list: (shopper) => records.list(shopper.shop, ownersOf(shopper), 50),
      cancel: (shopper, id) => cancelPortrait({ ...parts, makePortrait }, shopper, id),
      estimateMs: estimator.remainingMs,
      async image(token) {
        const portrait = await records.findByImageToken(token);
        return portrait?.objectName ? gallery.read(portrait.objectName) : undefined;
      },
    },
    async quota(shopper) {
      const claims = quotaClaims(shopper, config.quota, clock.nowMs());
      return shopperQuota(claims, await quota.usage(shopper.shop, claims, { nowMs: clock.nowMs() }));
    },
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
