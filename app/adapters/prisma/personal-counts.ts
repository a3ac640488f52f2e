import type { PrismaClient } from "@prisma/client";
import type { PersonalRecords, RecordCounts } from "#app/privacy/personal-records.ts";
import { orderedPhotoIds, orderIdsIn } from "./ordered-photos.ts";

/** What there is of somebody, counted after it was deleted. */
export async function countRecords(
  prisma: PrismaClient,
  ...[shop, shoppers, createdBy, { withoutOrdered } = { withoutOrdered: false }]: Parameters<PersonalRecords["count"]>
): Promise<RecordCounts> {
  if (shoppers === "everybody") return countOfShop(prisma, shop);
  const owned = { shop, shopper: { in: [...shoppers] } };
  const made = { ...owned, createdAt: { lte: createdBy } };
  const stays = withoutOrdered ? await orderedPhotoIds(prisma, shop, shoppers) : [];
  const orders = withoutOrdered ? [] : orderIdsIn(shoppers);
  const [photos, portraits, events, aliases, answers, lines] = await Promise.all([
    prisma.photo.count({ where: { ...made, id: { notIn: stays } } }),
    prisma.portrait.count({ where: { ...made, ...(withoutOrdered ? { orderedAt: null } : {}) } }),
    prisma.storefrontEvent.count({ where: { ...owned, at: { lte: createdBy } } }),
    prisma.photoAlias.count({ where: { ...owned, photo: made } }),
    prisma.idempotentAnswer.count({ where: made }),
    prisma.orderLine.count({ where: { shop, orderId: { in: orders } } }),
  ]);
  return { photos, portraits, events, others: aliases + answers + lines };
}

async function countOfShop(prisma: PrismaClient, shop: string): Promise<RecordCounts> {
  const everything = { where: { shop } };
  const [photos, portraits, events, ...others] = await Promise.all([
    prisma.photo.count(everything),
    prisma.portrait.count(everything),
    prisma.storefrontEvent.count(everything),
    prisma.photoAlias.count(everything),
    prisma.idempotentAnswer.count(everything),
    prisma.orderLine.count(everything),
    prisma.quotaEntry.count(everything),
    prisma.attempt.count(everything),
    prisma.budgetEntry.count(everything),
    prisma.budgetDay.count(everything),
    prisma.session.count(everything),
    prisma.shop.count(everything),
  ]);
  return { photos, portraits, events, others: others.reduce((sum, count) => sum + count, 0) };
}
