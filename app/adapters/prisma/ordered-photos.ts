import type { Prisma, PrismaClient } from "@prisma/client";
import type { PortraitPhoto } from "#app/portraits/portrait-records.ts";

/** The photos that ordered portraits are made of: part of the order as they are. */
export async function orderedPhotoIds(
  db: Prisma.TransactionClient | PrismaClient,
  shop: string,
  shoppers: readonly string[],
): Promise<string[]> {
  const theirs = { in: [...shoppers] };
  // Who has logged in since orders the photo of the guest they were.
  const where = { shop, orderedAt: { not: null }, OR: [{ shopper: theirs }, { session: theirs }] };
  return photoIdsOf(await db.portrait.findMany({ where, select: { photos: true } }));
}

export const photoIdsOf = (portraits: readonly { photos: Prisma.JsonValue }[]): string[] =>
  portraits.flatMap(({ photos }) => (photos as PortraitPhoto[]).map(({ photoId }) => photoId));

/** The numbers of the orders among names of shoppers and orders. */
export const orderIdsIn = (names: readonly string[]): string[] =>
  names.filter((name) => name.startsWith("o:")).map((name) => name.slice(2));
