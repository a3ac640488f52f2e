import { Prisma, type Photo, type PrismaClient } from "@prisma/client";
import { photoIdTaken } from "#app/photos/errors.ts";
import type { PhotoRecord, PhotoRecords } from "#app/photos/photo-records.ts";

export function createPrismaPhotoRecords(prisma: PrismaClient): PhotoRecords {
  const findBySha256: PhotoRecords["findBySha256"] = async (shop, owners, sha256) => {
    const row = await prisma.photo.findFirst({ where: { shop, shopper: { in: [...owners] }, sha256 } });
    return row === null ? undefined : fromRow(row);
  };

  return Object.freeze({
    async insert(photo) {
      try {
        return { photo: fromRow(await prisma.photo.create({ data: toRow(photo) })), inserted: true };
      } catch (error) {
        if (!isCode(error, "P2002")) throw error;
        const { shop, shopper, sha256 } = photo;
        const row = await prisma.photo.findUnique({ where: { shop_shopper_sha256: { shop, shopper, sha256 } } });
        if (row === null) throw photoIdTaken(error);
        return { photo: fromRow(row), inserted: false };
      }
    },

    async findById(shop, owners, id) {
      const row = await prisma.photo.findFirst({ where: { id, shop, shopper: { in: [...owners] } } });
      return row === null ? undefined : fromRow(row);
    },

    findBySha256,

    async findBySource(shop, owners, sourceSha256) {
      const alias = await prisma.photoAlias.findFirst({
        where: { shop, shopper: { in: [...owners] }, sourceSha256 },
        include: { photo: true },
      });
      return alias === null ? findBySha256(shop, owners, sourceSha256) : fromRow(alias.photo);
    },

    async addAlias({ id: photoId, shop, shopper }, sourceSha256) {
      try {
        await prisma.photoAlias.upsert({
          where: { shop_shopper_sourceSha256: { shop, shopper, sourceSha256 } },
          create: { shop, shopper, sourceSha256, photoId },
          update: { photoId },
        });
      } catch (error) {
        // Two at once mean the same; and a photo that was forgotten in the meantime needs no other name.
        if (!isCode(error, "P2002") && !isCode(error, "P2003")) throw error;
      }
    },

    async keepUntil(id, expiresAtMs) {
      const expiresAt = new Date(expiresAtMs);
      await prisma.photo.updateMany({ where: { id, expiresAt: { lt: expiresAt } }, data: { expiresAt } });
    },
  } satisfies PhotoRecords);
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === code;

function toRow({ createdAtMs, expiresAtMs, ...photo }: PhotoRecord): Prisma.PhotoCreateInput {
  return { ...photo, createdAt: new Date(createdAtMs), expiresAt: new Date(expiresAtMs) };
}

function fromRow({ createdAt, expiresAt, notices, ...row }: Photo): PhotoRecord {
  return {
    ...row,
    notices: notices as PhotoRecord["notices"],
    createdAtMs: createdAt.getTime(),
    expiresAtMs: expiresAt.getTime(),
  };
}
