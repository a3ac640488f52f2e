import type { PrismaClient } from "@prisma/client";
import type { OrderRecords, UnkeptLine } from "#app/orders/order-records.ts";

export function createPrismaOrderRecords(prisma: PrismaClient): OrderRecords {
  return Object.freeze({
    add: ({ shop, id: orderId, name, lines }, { nowMs, keepUntilMs }) =>
      prisma.$transaction(async (tx) => {
        const [orderedAt, expiresAt] = [new Date(nowMs), new Date(keepUntilMs)];
        const named = { shop, id: { in: lines.map(({ portraitId }) => portraitId) } };
        const found = await tx.portrait.findMany({ where: named, select: { id: true } });
        const ids = found.map(({ id }) => id);
        const data = lines
          .filter(({ portraitId }) => ids.includes(portraitId))
          .map(({ id: lineId, portraitId }) => ({ shop, orderId, lineId, orderName: name, portraitId, orderedAt }));
        await tx.orderLine.createMany({ data, skipDuplicates: true });
        await tx.portrait.updateMany({ where: { id: { in: ids }, orderedAt: null }, data: { orderedAt } });
        await tx.portrait.updateMany({
          where: { id: { in: ids }, expiresAt: { lt: expiresAt } },
          data: { expiresAt },
        });
        return ids;
      }),

    async unkept(limit) {
      const rows = await prisma.orderLine.findMany({
        where: { keptAt: null, portrait: { status: { notIn: ["queued", "making"] } } },
        orderBy: { orderedAt: "asc" },
        take: limit,
        select: {
          shop: true,
          orderId: true,
          lineId: true,
          portrait: { select: { photos: true, objectName: true, expiresAt: true } },
        },
      });
      return rows.map(({ portrait: { photos, objectName, expiresAt }, ...line }) => ({
        ...line,
        portrait: {
          photos: photos as UnkeptLine["portrait"]["photos"],
          objectName,
          expiresAtMs: expiresAt.getTime(),
        },
      }));
    },

    async kept({ shop, orderId, lineId }, nowMs) {
      await prisma.orderLine.updateMany({ where: { shop, orderId, lineId }, data: { keptAt: new Date(nowMs) } });
    },
  } satisfies OrderRecords);
}
