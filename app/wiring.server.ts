import { join } from "node:path";
import { clearDrafts, createFolderObjectStore } from "#app/adapters/filesystem/folder-object-store.ts";
import { clearUploads, createFolderUploadSpool } from "#app/adapters/filesystem/folder-upload-spool.ts";
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
import type { Config } from "#app/config.server.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import { createGallery } from "#app/gallery/gallery.ts";
import type { House } from "#app/house.ts";
import { createSessionTokens } from "#app/http/session-token.ts";
import { createWebhooks } from "#app/http/webhooks.ts";
import { systemClock, type Clock } from "#app/kernel/clock.ts";
import { randomIds } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import { ownersOf } from "#app/kernel/shopper.ts";
import { createPriceTable, type PriceTable } from "#app/ledger/price-table.ts";
import type { Painter } from "#app/painters/painter.ts";
import { proxyPhotoLimits } from "#app/photos/limits.ts";
import { takePhoto } from "#app/photos/take-photo.ts";
import { cancelPortrait } from "#app/portraits/cancel-portrait.ts";
import { createEstimator } from "#app/portraits/estimate.ts";
import { createMakePortrait } from "#app/portraits/make-portrait.ts";
import { requestPortrait } from "#app/portraits/request-portrait.ts";
import { resumePortraits } from "#app/portraits/resume-portraits.ts";
import { createPortraitNews, watchPortrait } from "#app/portraits/watch-portrait.ts";
import { createPrivacy } from "#app/privacy/privacy.ts";
import { shopperQuota } from "#app/quota/shopper-quota.ts";
import { quotaClaims } from "#app/quota/tiers.ts";
import { createShopify } from "#app/shopify.server.ts";
import { repeatInBackground } from "#app/background-work.ts";

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
const sweepEveryMs = 10 * 60_000;

export async function buildHouse(options: HouseOptions): Promise<BuiltHouse> {
  const { config, log, clock = systemClock, parts = {} } = options;
  const ids = randomIds;
  await Promise.all([clearUploads(join(config.dataDir, "uploads")), clearDrafts(join(config.dataDir, "gallery"))]);
  const database = parts.database ?? (await openDatabase({ ...config, migrationsFolder: options.migrationsFolder }));
  const { prisma } = database;

  const workers = createPixelWorkers({ threads: config.painter.concurrency });
  await workers.hello();
  const painter = parts.painter ?? createPreviewPainter(workers);
  const remover = parts.remover ?? createClassicBackgroundRemover(workers);
  const prices = parts.prices ?? createPriceTable();
  prices.priceOf(painter.model);

  const objects = createFolderObjectStore(join(config.dataDir, "gallery"));
  const photoReader = createPhotoReader();
  const gallery = createGallery(objects);
  const records = createPrismaPortraitRecords(prisma);
  const photos = createPrismaPhotoRecords(prisma);
  const quota = createPrismaQuotaStore(prisma);
  const budget = createPrismaBudgetStore(prisma);
  const events = createPrismaStorefrontEvents(prisma, { clock, ids });
  const news = createPortraitNews();
  const estimator = createEstimator({ records, clock });
  const shared = { records, photos, objects, gallery, quota, budget, prices, clock, ids, log, leaseMs, onChange: news.changed };

  const makePortrait = createMakePortrait({
    ...shared,
    photoReader,
    remover,
    painter,
    attempts: createPrismaAttemptLog(prisma),
    size: portraitSize,
    deadlineMs: makingDeadlineMs,
  });
  const queue = createPgBossPaintingQueue({
    on: config.databaseUrl === null ? { pool: database.pool } : { connectionString: config.databaseUrl },
    concurrency: config.painter.concurrency,
    deadlineSeconds: makingDeadlineMs / 1000,
    log,
  });
  const requestParts = {
    ...shared,
    queue,
    secrets: createPrismaShopSecrets(prisma),
    limits: config.quota,
    dailyBudgetMicroUsd: config.dailyBudgetMicroUsd,
    painter: { kind: painter.kind, model: painter.model },
    cutoutVariant: remover.variant,
    size: portraitSize,
    onCacheHit: (shopper, portrait) =>
      events.record({ shop: shopper.shop, shopper: portrait.shopper, name: "cache_hit", portraitId: portrait.id }),
  } satisfies Parameters<typeof requestPortrait>[0];
  const privacy = createPrivacy({
    records: createPrismaPersonalRecords(prisma),
    objects,
    objectPrefix: (shop) => `shops/${shop}/`,
    clock,
    ids,
    log,
  });

  const house: House = Object.freeze({
    config,
    clock,
    ids,
    log,
    shopify: createShopify({ config, prisma }),
    sessions: createSessionTokens({ secrets: [config.shopify.apiSecret], clock, ids }),
    answers: createPrismaIdempotentAnswers(prisma),
    uploads: createFolderUploadSpool(join(config.dataDir, "uploads")),
    photos: {
      limits: proxyPhotoLimits,
      take: (shopper, upload, given) =>
        takePhoto({ reader: photoReader, records: photos, objects, clock, ids, limits: proxyPhotoLimits }, shopper, upload, given),
    },
    portraits: {
      request: (shopper, wish) => requestPortrait(requestParts, shopper, wish),
      watch: (shopper, watched) => watchPortrait({ records, news }, shopper, watched),
      list: (shopper) => records.list(shopper.shop, ownersOf(shopper), 50),
      cancel: (shopper, id) => cancelPortrait({ ...shared, makePortrait }, shopper, id),
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
    events,
    usage: createPrismaUsageReport(prisma),
    privacy,
    webhooks: createWebhooks({ apiSecrets: [config.shopify.apiSecret], deliveries: createPrismaWebhookDeliveries(prisma), clock, log }),
    isReady: () => prisma.$queryRaw`SELECT 1`.then(() => true, () => false),
  } satisfies House);

  await queue.start(makePortrait.make);
  const stopBackgroundWork = repeatInBackground(log, [
    { name: "resume portraits", everyMs: resumeEveryMs, work: () => resumePortraits({ records, queue, clock, log, silentForMs: resumeEveryMs }) },
    { name: "resume privacy requests", everyMs: resumeEveryMs * 4, work: () => privacy.resumeUnfinished() },
    { name: "sweep expired", everyMs: sweepEveryMs, work: () => privacy.sweepExpired() },
    { name: "sweep orphans", everyMs: sweepEveryMs * 6, work: () => privacy.sweepOrphans() },
  ]);

  const close = async ({ timeoutMs = 8_000 }: { timeoutMs?: number } = {}) => {
    await stopBackgroundWork();
    await queue.stop(timeoutMs);
    await workers.close();
    await database.close();
  };
  return { house, close };
}
