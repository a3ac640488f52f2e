import { randomBytes } from "node:crypto";
import type { PrismaClient } from "@prisma/client";
import { LRUCache } from "lru-cache";
import type { ShopSecrets } from "#app/portraits/shop-secrets.ts";

/**
 * Secrets are remembered for a minute: every wish needs one and it never changes, but a shop that is forgotten and comes
 * back gets a new one, and other instances must notice.
 */
export function createPrismaShopSecrets(prisma: PrismaClient): ShopSecrets {
  const known = new LRUCache<string, string>({ max: 10_000, ttl: 60_000 });
  return Object.freeze({
    async secretOf(shop: string) {
      const remembered = known.get(shop);
      if (remembered !== undefined) return remembered;
      await prisma.shop.createMany({ data: [{ shop, secret: randomBytes(32).toString("hex") }], skipDuplicates: true });
      const { secret } = await prisma.shop.findUniqueOrThrow({ where: { shop }, select: { secret: true } });
      known.set(shop, secret);
      return secret;
    },
  });
}
