import { Prisma, type PrismaClient } from "@prisma/client";
import { utcDay } from "#app/kernel/clock.ts";
import type {
  Cutoffs,
  ExpiredRecords,
  ForgetRequest,
  OpenRequest,
  Progress,
  RecordCounts,
} from "#app/privacy/personal-records.ts";
import { redactedShop } from "#app/privacy/redacted-shop.ts";
import { orderedPhotoIds, orderIdsIn } from "./ordered-photos.ts";

/**
 * How personal data leaves the records: what is deleted, and in the same transaction what has to follow it. Deleting is
 * done in sets; a name that another row still carries is never handed out as an orphan.
 */
type Tx = Prisma.TransactionClient;

export async function forgetShoppers(
  tx: Tx,
  request: ForgetRequest & Pick<OpenRequest, "kind">,
  shoppers: string[],
): Promise<Progress> {
  const progress = await lockRequest(tx, request.id);
  const { shop, receivedAt } = request;
  const owned = { shop, shopper: { in: shoppers } };
  const made = { ...owned, createdAt: { lte: receivedAt } };
  const isAskedByShopper = request.kind === "shopper";
  const theirPortraits = isAskedByShopper ? { ...made, orderedAt: null } : made;
  const stays = isAskedByShopper ? await orderedPhotoIds(tx, shop, shoppers) : [];
  const theirPhotos = { ...made, id: { notIn: stays } };

  const names = await namedBy(tx, { photos: theirPhotos, portraits: theirPortraits });
  const aliases = await tx.photoAlias.deleteMany({ where: { ...owned, photo: made } });
  const lines = isAskedByShopper ? { count: 0 } : await deleteLines(tx, made, orderIdsIn(shoppers));
  const portraits = await tx.portrait.deleteMany({ where: theirPortraits });
  const photos = await tx.photo.deleteMany({ where: theirPhotos });
  await tx.portrait.updateMany({ where: { ...made, hiddenAt: null }, data: { hiddenAt: receivedAt } });
  const events = await tx.storefrontEvent.deleteMany({ where: { ...owned, at: { lte: request.receivedAt } } });
  const answers = await tx.idempotentAnswer.deleteMany({ where: made });
  await tx.quotaEntry.deleteMany({ where: earlierQuota(request, shoppers) });
  // A data request is answered from the records; there is nobody left whom it could be about.
  const aboutThem = shoppers.flatMap((name) => [{ shopper: name }, { shopper: { startsWith: `${name} ` } }]);
  await tx.privacyRequest.updateMany({
    where: { shop, kind: "data_request", OR: aboutThem },
    data: { shopper: null },
  });

  const orphans = await unnamedObjects(tx, request.shop, names);
  const deleted = added(progress.deleted, {
    photos: photos.count,
    portraits: portraits.count,
    events: events.count,
    others: aliases.count + answers.count + lines.count,
  });
  const next: Progress = {
    ...progress,
    deleted,
    objectsToDelete: [...new Set([...progress.objectsToDelete, ...orphans])],
    objectsShared: progress.objectsShared + names.length - orphans.length,
  };
  await tx.privacyRequest.update({ where: { id: request.id }, data: { receipt: next } });
  return next;
}

/** Their own portraits' lines, and of their orders those of somebody else's portrait too. */
function deleteLines(tx: Tx, made: Prisma.PortraitWhereInput, orderIds: string[]): Promise<{ count: number }> {
  const { shop } = made as { shop: string };
  return tx.orderLine.deleteMany({ where: { shop, OR: [{ portrait: made }, { orderId: { in: orderIds } }] } });
}

/** Today's entries, and those of a rolling window that may still be open, stay: see the port. */
function earlierQuota({ shop, receivedAt }: ForgetRequest, shoppers: string[]): Prisma.QuotaEntryWhereInput {
  const today = utcDay(receivedAt.getTime());
  const yesterday = new Date(receivedAt.getTime() - 24 * 60 * 60_000);
  return {
    shop,
    subject: { in: shoppers },
    OR: [{ window: { not: "rolling", lt: today } }, { window: "rolling", reservedAt: { lt: yesterday } }],
  };
}

export async function forgetShop(tx: Tx, { id, shop }: ForgetRequest): Promise<Progress> {
  const progress = await lockRequest(tx, id);
  const everything = { where: { shop } };
  const lines = await tx.orderLine.deleteMany(everything);
  const portraits = await tx.portrait.deleteMany(everything);
  const aliases = await tx.photoAlias.deleteMany(everything);
  const photos = await tx.photo.deleteMany(everything);
  const events = await tx.storefrontEvent.deleteMany(everything);
  const answers = await tx.idempotentAnswer.deleteMany(everything);
  const quota = await tx.quotaEntry.deleteMany(everything);
  const attempts = await tx.attempt.deleteMany(everything);
  const budget = await tx.budgetEntry.deleteMany(everything);
  // What the shop has spent stays in the installation's own days, which name no shop.
  const budgetDays = await tx.budgetDay.deleteMany(everything);
  const sessions = await tx.session.deleteMany(everything);
  const shops = await tx.shop.deleteMany(everything);
  const requests = await tx.privacyRequest.deleteMany({ where: { shop, id: { not: id } } });
  // The deliveries' ids stay, or a delivery that comes twice would be taken twice.
  await tx.webhookDelivery.updateMany({ where: { shop }, data: { shop: redactedShop(shop) } });

  const others = [lines, aliases, answers, quota, attempts, budget, budgetDays, sessions, shops, requests];
  const deleted = added(progress.deleted, {
    photos: photos.count,
    portraits: portraits.count,
    events: events.count,
    others: others.reduce((sum, { count }) => sum + count, 0),
  });
  const next: Progress = { ...progress, deleted };
  await tx.privacyRequest.update({ where: { id }, data: { receipt: next } });
  return next;
}

export async function forgetExpired(tx: Tx, before: Cutoffs, limit: number): Promise<ExpiredRecords> {
  const photos = await deleteExpiredPhotos(tx, before.expired, limit);
  const portraits = await deleteExpiredPortraits(tx, before.expired, limit);
  const events = await deleteOlder(tx, Prisma.sql`"StorefrontEvent"`, Prisma.sql`"at"`, before.events, limit);
  const answers = await deleteOlder(tx, Prisma.sql`"IdempotentAnswer"`, Prisma.sql`"expiresAt"`, before.expired, limit);
  const quota = await deleteOlder(tx, Prisma.sql`"QuotaEntry"`, Prisma.sql`"reservedAt"`, before.quotaEntries, limit);
  // Sums of their days stay; what is swept can be neither settled nor held again.
  const budget = await deleteOlder(
    tx,
    Prisma.sql`"BudgetEntry"`,
    Prisma.sql`"leaseExpiresAt"`,
    before.quotaEntries,
    limit,
  );
  const deliveries = await deleteOlder(
    tx,
    Prisma.sql`"WebhookDelivery"`,
    Prisma.sql`"receivedAt"`,
    before.webhookDeliveries,
    limit,
  );
  await tx.privacyRequest.updateMany({
    where: { kind: "data_request", shopper: { not: null }, receivedAt: { lt: before.dataRequests } },
    data: { shopper: null },
  });
  return {
    photos: photos.length,
    portraits: portraits.length,
    events,
    others: answers + quota + budget + deliveries,
    orphanedObjects: await orphansOf(tx, [...photos, ...portraits]),
    more: [photos.length, portraits.length, events, answers, quota, budget, deliveries].some((count) => count >= limit),
  };
}

type Named = { shop: string; objectName: string | null };

/** A photo that a portrait in the making needs stays for it, also where the portrait waits for its order. */
function deleteExpiredPhotos(tx: Tx, now: Date, limit: number): Promise<Named[]> {
  return tx.$queryRaw<Named[]>`
    DELETE FROM "Photo" WHERE id IN (
      SELECT id FROM "Photo" AS photo
      WHERE photo."expiresAt" < ${timestamp(now)} AND NOT EXISTS (
        SELECT 1 FROM "Portrait" AS portrait
        WHERE portrait.shop = photo.shop AND portrait.shopper = photo.shopper
          AND (portrait.status IN ('queued', 'making')
            OR (portrait.status = 'pending' AND portrait."expiresAt" >= ${timestamp(now)})))
      ORDER BY photo."expiresAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING shop, "objectName"`;
}

function deleteExpiredPortraits(tx: Tx, now: Date, limit: number): Promise<Named[]> {
  return tx.$queryRaw<Named[]>`
    DELETE FROM "Portrait" WHERE id IN (
      SELECT id FROM "Portrait"
      WHERE "expiresAt" < ${timestamp(now)} AND status NOT IN ('queued', 'making')
      ORDER BY "expiresAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING shop, "objectName"`;
}

function deleteOlder(tx: Tx, table: Prisma.Sql, column: Prisma.Sql, before: Date, limit: number): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM ${table} WHERE ctid IN (
      SELECT ctid FROM ${table} WHERE ${column} < ${timestamp(before)} LIMIT ${limit})`;
}

/** Columns are UTC without a zone; the cast keeps the server's own zone out of it. */
const timestamp = (date: Date): Prisma.Sql => Prisma.sql`${date.toISOString()}::timestamp(3)`;

async function orphansOf(tx: Tx, deleted: Named[]): Promise<{ shop: string; name: string }[]> {
  const byShop = new Map<string, Set<string>>();
  for (const { shop, objectName } of deleted) {
    if (objectName !== null) byShop.set(shop, (byShop.get(shop) ?? new Set()).add(objectName));
  }
  const orphans: { shop: string; name: string }[] = [];
  for (const [shop, names] of byShop) {
    for (const name of await unnamedObjects(tx, shop, [...names])) orphans.push({ shop, name });
  }
  return orphans;
}

async function namedBy(
  tx: Tx,
  where: { photos: Prisma.PhotoWhereInput; portraits: Prisma.PortraitWhereInput },
): Promise<string[]> {
  const [photos, portraits] = [
    await tx.photo.findMany({ where: where.photos, select: { objectName: true } }),
    await tx.portrait.findMany({ where: where.portraits, select: { objectName: true } }),
  ];
  const names = [...photos, ...portraits].map(({ objectName }) => objectName).filter((name) => name !== null);
  return [...new Set(names)];
}

/** Those of the names that neither a photo nor a portrait of the shop carries. */
export async function unnamedObjects(db: Tx | PrismaClient, shop: string, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT name FROM unnest(${[...names]}::text[]) AS name
    WHERE NOT EXISTS (SELECT 1 FROM "Photo" WHERE shop = ${shop} AND "objectName" = name)
      AND NOT EXISTS (SELECT 1 FROM "Portrait" WHERE shop = ${shop} AND "objectName" = name)`;
  return rows.map(({ name }) => name);
}

/** Two workers at the same request come one after the other, and the second finds nothing left to count. */
async function lockRequest(tx: Tx, id: string): Promise<Progress> {
  const rows = await tx.$queryRaw<
    { receipt: unknown }[]
  >`SELECT receipt FROM "PrivacyRequest" WHERE id = ${id} FOR UPDATE`;
  const row = rows[0];
  if (row === undefined) throw new Error(`there is no privacy request ${id}`);
  return row.receipt as Progress;
}

const added = (a: RecordCounts, b: RecordCounts): RecordCounts => ({
  photos: a.photos + b.photos,
  portraits: a.portraits + b.portraits,
  events: a.events + b.events,
  others: a.others + b.others,
});
