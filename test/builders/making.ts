import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { createPrismaPortraitRecords } from "#app/adapters/prisma/prisma-portrait-records.ts";
import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { createPictureCheck } from "#app/adapters/sharp/picture-check.ts";
import { createGallery } from "#app/gallery/gallery.ts";
import { randomIds } from "#app/kernel/ids.ts";
import { createPainterGuard } from "#app/painters/painter-guard.ts";
import { createMakePortrait, type MakePortraitParts } from "#app/portraits/make-portrait.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import { budgetsOf } from "./budgets.ts";
import { openEmbeddedDatabase } from "./databases.ts";
import { createMemoryObjectStore } from "./memory-object-store.ts";
import { createQuickPainter, quickRemover } from "./painter.ts";
import { smallPhoto } from "./photos.ts";
import { portraitRecord } from "./portrait-record.ts";
import { samePreview } from "./previews.ts";
import { pricedAt } from "./prices.ts";
import { quietLog } from "./quiet-log.ts";
import { at, dayClaim } from "./quota-tickets.ts";
import { stoppedClock } from "./stopped-clock.ts";

/** Makings with real records and quick hands; each test has a key of its own. A call costs 40,000 micro-dollars. */
export const shop = "a.shop";
export const photoName = "shops/a.shop/photos/pht_1";
export const leaseMs = 90_000;
export const day = "2026-03-29";

/** To be called once in a file of tests: the database is opened before them and closed after them. */
export function useMakings() {
  let database: Database;
  let key = "";
  let number = 0;
  beforeAll(async () => {
    database = await openEmbeddedDatabase();
  });
  afterAll(() => database.close());
  beforeEach(() => void (key = `make-${(number += 1)}`));

  /** @param facts - puts something else in the place of a part */
  async function open(facts: Partial<MakePortraitParts> = {}) {
    const { prisma } = database;
    const { store } = createMemoryObjectStore();
    await store.create(photoName, await smallPhoto(1), { contentType: "image/jpeg", attributes: {} });
    const painter = createQuickPainter();
    const { log, said } = quietLog();
    const guard = createPainterGuard({
      clock: stoppedClock(at()),
      concurrency: 2,
      pause: { firstMs: 1, longestMs: 1 },
    });
    const parts: MakePortraitParts = {
      records: createPrismaPortraitRecords(prisma),
      objects: store,
      photoReader: createPhotoReader(),
      remover: quickRemover,
      painters: [{ painter, guard }],
      pictureCheck: createPictureCheck(),
      gallery: createGallery({ masters: store, previews: createMemoryObjectStore().store, previewMaker: samePreview }),
      secrets: { secretOf: async () => "a shop's own secret" },
      quota: createPrismaQuotaStore(prisma),
      budget: createPrismaBudgetStore(prisma),
      attempts: createPrismaAttemptLog(prisma),
      prices: pricedAt(40_000),
      clock: stoppedClock(at()),
      ids: randomIds,
      log,
      size: { width: 64, height: 80 },
      deadlineMs: 60_000,
      spendingLimit: undefined,
      leaseMs,
      budgets: budgetsOf({ shopDay: 10_000_000 }),
      onChange: () => undefined,
      ...facts,
    };
    return { parts, painter, store, said, make: createMakePortrait(parts).make };
  }

  /** A shopper who waits for the key, with what they need held for them. */
  async function waiting(parts: MakePortraitParts, shopper: string, createdAtMs = at()): Promise<PortraitRecord> {
    const record = portraitRecord({ key, shopper, createdAtMs });
    const quota = { shop, requestId: record.id, claims: [dayClaim(`${shopper}-${key}`, 3)] };
    const budget = { shop: key, requestId: record.id, day, microUsd: 40_000 };
    await parts.quota.reserve(quota, { nowMs: at(), leaseMs });
    await parts.budget.reserve(budget, { nowMs: at(), leaseMs, limits: parts.budgets });
    return (await parts.records.insertActive({ ...record, reserved: { quota, budget } })).portrait;
  }

  const usedBy = async (parts: MakePortraitParts, { reserved }: PortraitRecord) =>
    (await parts.quota.usage(shop, reserved?.quota?.claims ?? [], { nowMs: at() }))[0]?.used;
  const statusOf = async (parts: MakePortraitParts, { id, shopper }: PortraitRecord) =>
    (await parts.records.find(shop, [shopper], id))?.status;
  const spent = async (parts: MakePortraitParts) => (await parts.budget.committed(key, day, at())).shopDay;
  const attempts = () =>
    database.prisma.attempt.findMany({ where: { portraitKey: key }, orderBy: { startedAt: "asc" } });

  return { open, waiting, usedBy, statusOf, spent, attempts, job: () => ({ shop, key }) };
}
