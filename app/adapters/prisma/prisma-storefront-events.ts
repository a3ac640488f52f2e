import type { PrismaClient } from "@prisma/client";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { StorefrontEvents } from "#app/telemetry/storefront-events.ts";

export function createPrismaStorefrontEvents(
  prisma: PrismaClient,
  { clock, ids }: { clock: Clock; ids: Ids },
): StorefrontEvents {
  return Object.freeze({
    async record(event) {
      await prisma.storefrontEvent.create({ data: { ...event, id: ids.next("evt"), at: clock.now() } });
    },
  } satisfies StorefrontEvents);
}
