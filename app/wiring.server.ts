import { createPgBossPaintingQueue } from "#app/adapters/pg-boss/painting-queue.ts";
import { openDatabase, type Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { createPrismaIdempotentAnswers } from "#app/adapters/prisma/prisma-idempotent-answers.ts";
import { createPrismaOrderRecords } from "#app/adapters/prisma/prisma-order-records.ts";
import { createPrismaPersonalRecords } from "#app/adapters/prisma/prisma-personal-records.ts";
import { createPrismaPhotoRecords } from "#app/adapters/prisma/prisma-photo-records.ts";
import { createPrismaPortraitRecords } from "#app/adapters/prisma/prisma-portrait-records.ts";
import { createPrismaShopSecrets } from "#app/adapters/prisma/prisma-shop-secrets.ts";
import { createPrismaSpendingReport } from "#app/adapters/prisma/prisma-spending-report.ts";
import { createPrismaStorefrontEvents } from "#app/adapters/prisma/prisma-storefront-events.ts";
import { createPrismaUsageReport } from "#app/adapters/prisma/prisma-usage-report.ts";
import { createPrismaWebhookDeliveries } from "#app/adapters/prisma/prisma-webhook-deliveries.ts";
import { createPreviewMaker } from "#app/adapters/sharp/preview-maker.ts";
import type { Config } from "#app/config.server.ts";
import { createGallery } from "#app/gallery/gallery.ts";
import { joinStores } from "#app/gallery/join-stores.ts";
import type { House } from "#app/house.ts";
import { watchLoop, type LoopWatch } from "#app/http/loop-delay.ts";
import { createSessionTokens } from "#app/http/session-token.ts";
import { createWebhooks } from "#app/http/webhooks.ts";
import { systemClock, type Clock } from "#app/kernel/clock.ts";
import { randomIds } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import { readShopBudget } from "#app/ledger/shop-budget.ts";
import { oddBudgets } from "#app/money-settings.server.ts";
import { resumeOrders, type ResumeOrdersParts } from "#app/orders/resume-orders.ts";
import { takeOrder } from "#app/orders/take-order.ts";
import { askingAgain } from "#app/portraits/asking-again.ts";
import { createMakePortrait, type MakePortrait } from "#app/portraits/make-portrait.ts";
import { createPortraitNews } from "#app/portraits/watch-portrait.ts";
import { createPrivacy } from "#app/privacy/privacy.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { createShopify } from "#app/shopify.server.ts";
import { startBackgroundWork } from "./wiring/background.ts";
import { admittedUploads } from "./wiring/intake.ts";
import { openPainting, type PaintingParts } from "./wiring/painting.ts";
import { portraitSize } from "./wiring/portrait-size.ts";
import { openQuota } from "./wiring/quota.ts";
import { openStores, type PictureStores, type Stores } from "./wiring/stores.ts";
import { storefrontStories } from "./wiring/storefront.ts";

/**
 * Builds the house once: with its folder, the only place that knows both the adapters and the stories. A test may put a
 * part of its own in the place of a slow or a paid one.
 */
export type HouseOptions = {
  config: Config;
  log: Log;
  clock?: Clock;
  migrationsFolder: string;
  parts?: PaintingParts & { database?: Database; quota?: QuotaStore; loop?: LoopWatch };
  around?: AroundPort;
};

/** May put something around a port when it is opened: a fault, a delay, an end of the process in the middle of a step. */
export type AroundPort = <Port extends object>(name: PortName, port: Port) => Port;
export type PortName =
  | "records"
  | "orders"
  | "photos"
  | "masters"
  | "previews"
  | "quota"
  | "budget"
  | "attempts"
  | "queue"
  | "remover"
  | "answers";

export type BuiltHouse = {
  house: House;
  /** From now on nothing new is begun and nobody waits here for news; what is under way goes on, and doors still answer. */
  takeNoMoreWork(): void;
  /** Ends or hands back what is at work, closes everything. */
  close(options?: { timeoutMs?: number }): Promise<void>;
};

/** For one making: a minute for all attempts of the painter, and twenty seconds for the cutout before them; milliseconds. */
const makingDeadlineMs = 80_000;
/** Longer than a making, and renewed when it starts: after a crash nothing is held for longer than this. */
const leaseMs = 90_000;
/** The window in which providers add up what a project spends, milliseconds. */
const spendingWindowMs = 10 * 60_000;

export async function buildHouse(options: HouseOptions): Promise<BuiltHouse> {
  const parts = await openParts(options);
  const { config, log, clock, ids, database, queue, privacy } = parts;
  const makePortrait = openMaking(parts);
  const orderParts = ordersFrom(parts);
  const house: House = Object.freeze({
    config,
    clock,
    ids,
    log,
    shopify: createShopify({ config, prisma: database.prisma }),
    sessions: createSessionTokens({ secrets: [config.shopify.apiSecret], clock, ids }),
    answers: parts.answers,
    uploads: parts.admitted,
    ...storefrontStories(parts, makePortrait),
    orders: { take: (order) => takeOrder(orderParts, order), resume: () => resumeOrders(orderParts) },
    events: parts.events,
    usage: createPrismaUsageReport(database.prisma),
    budgetOf: (shop) => readShopBudget({ ...parts, budgets: config.budgets }, shop),
    usualRemover: parts.remover.variant,
    privacy,
    webhooks: createWebhooks({
      ...parts,
      apiSecrets: [config.shopify.apiSecret],
      deliveries: createPrismaWebhookDeliveries(database.prisma),
    }),
    isOverloaded: parts.loop.isLate,
    isReady: () => database.isAnswering(),
  });

  await queue.start({
    make: makePortrait.make,
    isWaitedFor: async ({ shop, key }) => (await parts.records.waitingFor(shop, key)).length > 0,
  });
  database.hurry();
  const stopBackgroundWork = startBackgroundWork({ ...parts, resumeOrders: house.orders.resume }, makePortrait);
  return {
    house,
    takeNoMoreWork() {
      parts.news.end();
      queue.takeNoMore();
    },
    close: ({ timeoutMs = 8_000 } = {}) => closeParts(parts, stopBackgroundWork, timeoutMs),
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

function openMaking(parts: Parts): MakePortrait {
  const { gemini, budgets } = parts.config;
  const spendingLimit =
    gemini === null ? undefined : { windowMs: spendingWindowMs, microUsd: gemini.spendingLimitMicroUsd };
  return createMakePortrait({
    ...parts,
    ...parts.forMakings,
    records: askingAgain(parts.records),
    // No call is begun twice under one name; one that may have been begun is not made.
    attempts: { ...askingAgain(parts.attempts), begin: parts.attempts.begin },
    quota: askingAgain(parts.quota),
    budget: askingAgain(parts.budget),
    size: portraitSize(parts.config),
    deadlineMs: makingDeadlineMs,
    budgets,
    spendingLimit,
  });
}

const ordersFrom = (parts: Parts): ResumeOrdersParts => ({
  ...parts,
  budgets: parts.config.budgets,
  cutoutVariant: parts.remover.variant,
  size: portraitSize(parts.config),
  photoBytes: parts.objects,
});

/** Opens everything that holds a connection, a thread or a file, and fails the start where one of them does not work. */
async function openParts(options: HouseOptions) {
  const { config, log, clock = systemClock, migrationsFolder, parts: given = {}, around = asItIs } = options;
  const ids = randomIds;
  for (const message of oddBudgets(config.budgets)) log.warn("odd budget", { said: message });
  const database = given.database ?? (await openDatabase({ ...config, migrationsFolder, log }));
  const { prisma } = database;
  const records = around("records", createPrismaPortraitRecords(prisma));
  const pictures = openPictures(await openStores({ config, clock, around }));
  const quota = around("quota", given.quota ?? (await openQuota(config, { database, log })));
  const painting = await openPainting({ config, log, clock, parts: given });
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
    ...pictures,
    admitted: admittedUploads(config, clock),
    loop: given.loop ?? watchLoop((facts) => log.warn("event loop", facts)),
    ...painting,
    remover: around("remover", painting.remover),
    queue: around("queue", openQueue(database, { config, clock, log })),
    onChange: news.changed,
    answers: around("answers", createPrismaIdempotentAnswers(prisma)),
    photos: around("photos", createPrismaPhotoRecords(prisma)),
    orders: around("orders", createPrismaOrderRecords(prisma)),
    secrets: createPrismaShopSecrets(prisma),
    quota,
    budget: around("budget", createPrismaBudgetStore(prisma)),
    spending: createPrismaSpendingReport(prisma),
    attempts: around("attempts", createPrismaAttemptLog(prisma)),
    events: createPrismaStorefrontEvents(prisma, { clock, ids }),
    privacy: createPrivacy({
      records: createPrismaPersonalRecords(prisma),
      objects: pictures.objects,
      quota,
      uploads: pictures.directUploads ?? { forget: () => Promise.resolve(0) },
      objectPrefix: (shop) => `shops/${shop}/`,
      clock,
      ids,
      log,
    }),
  };
}

/** The same pictures twice: for those who are in a hurry, and for makings. */
function openPictures({ quick, patient, uploads: directUploads }: Stores) {
  const previewMaker = createPreviewMaker();
  const on = (stores: PictureStores) => ({
    objects: joinStores(stores),
    gallery: createGallery({ ...stores, previewMaker }),
  });
  return { ...on(quick), directUploads, forMakings: on(patient) };
}

const asItIs: AroundPort = (_, port) => port;

function openQueue(
  database: Database,
  { config, clock, log }: Required<Pick<HouseOptions, "config" | "clock" | "log">>,
) {
  return createPgBossPaintingQueue({
    on:
      config.databaseUrl === null
        ? { pool: database.pool }
        : { connectionString: config.databaseUrl, Client: database.pool.options.Client },
    concurrency: config.painter.portraitsAtOnce,
    deadlineSeconds: makingDeadlineMs / 1000,
    clock,
    log,
  });
}

async function closeParts(
  { queue, workers, database, loop }: Parts,
  stopBackgroundWork: () => Promise<void>,
  timeoutMs: number,
): Promise<void> {
  // A sweep is taken up where it was left; it is not worth the time of the jobs.
  await Promise.race([stopBackgroundWork(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
  loop.stop();
  await queue.stop(timeoutMs);
  await workers.close();
  await database.close();
}
