import type { PrismaClient } from "@prisma/client";
import type { WebhookDeliveries } from "#app/http/webhooks.ts";

/** Deliveries on PostgreSQL, one row each: held while `settledAt` is null, done afterwards. */
export function createPrismaWebhookDeliveries(prisma: PrismaClient): WebhookDeliveries {
  return Object.freeze({
    async claim({ id, topic, shop }, { nowMs, leaseMs }) {
      const now = new Date(nowMs).toISOString();
      const lapsed = new Date(nowMs - leaseMs).toISOString();
      // One statement: two takers at the same instant cannot both be given the row.
      const taken = await prisma.$queryRaw<unknown[]>`
        INSERT INTO "WebhookDelivery" AS delivery (id, topic, shop, "receivedAt")
        VALUES (${id}, ${topic}, ${shop}, ${now}::timestamp(3))
        ON CONFLICT (id) DO UPDATE SET "receivedAt" = EXCLUDED."receivedAt"
        WHERE delivery."settledAt" IS NULL AND delivery."receivedAt" < ${lapsed}::timestamp(3)
        RETURNING id`;
      if (taken.length > 0) return "claimed";
      const holder = await prisma.webhookDelivery.findUnique({ where: { id } });
      // Gone between the two: released by its taker; the next attempt will have it.
      return holder === null || holder.settledAt === null ? "running" : "done";
    },
    async settle({ id }) {
      await prisma.$executeRaw`UPDATE "WebhookDelivery" SET "settledAt" = "receivedAt" WHERE id = ${id}`;
    },
    async release({ id }) {
      await prisma.webhookDelivery.deleteMany({ where: { id, settledAt: null } });
    },
  } satisfies WebhookDeliveries);
}
