import type { PrismaClient } from "@prisma/client";
import type { DeliveryName, WebhookDeliveries } from "#app/http/webhooks.ts";

/**
 * Deliveries on PostgreSQL, one row each. While a delivery is held its topic is written with {@link held} in front, and
 * `receivedAt` is when it was taken; a hold older than its lease belongs to a process that is no more.
 */
export function createPrismaWebhookDeliveries(prisma: PrismaClient): WebhookDeliveries {
  return Object.freeze({
    async claim({ id, topic, shop }, { nowMs, leaseMs }) {
      const now = new Date(nowMs).toISOString();
      const lapsed = new Date(nowMs - leaseMs).toISOString();
      // One statement: two takers at the same instant cannot both be given the row.
      const taken = await prisma.$queryRaw<unknown[]>`
        INSERT INTO "WebhookDelivery" AS delivery (id, topic, shop, "receivedAt")
        VALUES (${id}, ${held + topic}, ${shop}, ${now}::timestamp(3))
        ON CONFLICT (id) DO UPDATE SET "receivedAt" = EXCLUDED."receivedAt"
        WHERE delivery.topic LIKE ${`${held}%`} AND delivery."receivedAt" < ${lapsed}::timestamp(3)
        RETURNING id`;
      if (taken.length > 0) return "claimed";
      const holder = await prisma.webhookDelivery.findUnique({ where: { id } });
      // Gone between the two: released by its taker; the next attempt will have it.
      return holder === null || holder.topic.startsWith(held) ? "running" : "done";
    },
    async settle({ id, topic }) {
      await prisma.webhookDelivery.updateMany({ where: { id }, data: { topic } });
    },
    async release(name: DeliveryName) {
      await prisma.webhookDelivery.deleteMany({ where: { id: name.id, topic: held + name.topic } });
    },
  } satisfies WebhookDeliveries);
}

const held = "held ";
