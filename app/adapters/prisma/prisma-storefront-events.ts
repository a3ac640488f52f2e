import { createHash } from "node:crypto";
import type { PrismaClient } from "@prisma/client";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { StorefrontEvent, StorefrontEvents } from "#app/telemetry/storefront-events.ts";

export function createPrismaStorefrontEvents(
  prisma: PrismaClient,
  { clock, ids }: { clock: Clock; ids: Ids },
): StorefrontEvents {
  return Object.freeze({
    async record(event, key = null) {
      const id = key === null ? ids.next("evt") : idUnderKey(event, key);
      await prisma.storefrontEvent.createMany({ data: [{ ...event, id, at: clock.now() }], skipDuplicates: true });
    },
  } satisfies StorefrontEvents);
}

/** A browser that heard nothing asks again, and cannot know whether it was counted. */
function idUnderKey({ shop, shopper, name, portraitId }: StorefrontEvent, key: string): string {
  const named = [shop, shopper, name, portraitId ?? "", key].join("\n");
  return `evt_${createHash("sha256").update(named).digest("base64url").slice(0, 22)}`;
}
