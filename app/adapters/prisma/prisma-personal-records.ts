import { Prisma, type PrismaClient } from "@prisma/client";
import type { PersonalRecords, PrivacyReceipt, Progress } from "#app/privacy/personal-records.ts";
import { redactedShop } from "#app/privacy/redacted-shop.ts";
import { countRecords } from "./personal-counts.ts";
import { forgetExpired, forgetShop, forgetShoppers, unnamedObjects } from "./personal-deletions.ts";
import { orderIdsIn, photoIdsOf } from "./ordered-photos.ts";

/** Personal data on PostgreSQL. Deletions are sets in short transactions and live in personal-deletions.ts. */
export function createPrismaPersonalRecords(prisma: PrismaClient): PersonalRecords {
  return Object.freeze({
    export: (shop, shoppers) => exportShoppers(prisma, shop, shoppers),
    guestsOf: (shop, customer) => guestsOf(prisma, shop, customer),
    guestsOfOrders: (shop, orders) => guestsOfOrders(prisma, shop, orders),
    forget: (request, shoppers) => prisma.$transaction((tx) => forgetShoppers(tx, request, [...shoppers])),
    forgetShop: (request) => prisma.$transaction((tx) => forgetShop(tx, request)),
    forgetExpired: (before, limit) => prisma.$transaction((tx) => forgetExpired(tx, before, limit)),
    count: (...given) => countRecords(prisma, ...given),
    unnamed: (shop, objects) => unnamedObjects(prisma, shop, objects),
    async endSessions(shop, at) {
      await prisma.$transaction([
        prisma.session.deleteMany({ where: { shop } }),
        prisma.shop.updateMany({ where: { shop, uninstalledAt: null }, data: { uninstalledAt: at } }),
      ]);
    },
    ...requestsOn(prisma),
  } satisfies PersonalRecords);
}

type RequestVerbs = Pick<PersonalRecords, "open" | "saveProgress" | "complete" | "requests" | "unfinished">;

function requestsOn(prisma: PrismaClient): RequestVerbs {
  return {
    async open({ id, shop, kind, shoppers, receivedAt, progress }) {
      await prisma.privacyRequest.create({
        data: { id, shop, kind, shopper: namesIn(shoppers), receivedAt, receipt: progress },
      });
    },
    async saveProgress({ id }, progress) {
      await prisma.privacyRequest.updateMany({ where: { id, completedAt: null }, data: { receipt: progress } });
    },
    async complete({ id, shop }, { at, receipt }) {
      const done = { completedAt: at, receipt };
      const { kind } = await prisma.privacyRequest.findUniqueOrThrow({ where: { id }, select: { kind: true } });
      const forgotten = kind === "data_request" ? {} : { shopper: null };
      const renamed = kind === "shop_redact" ? { shop: redactedShop(shop) } : {};
      await prisma.privacyRequest.update({ where: { id }, data: { ...done, ...forgotten, ...renamed } });
    },
    async requests(shop, limit) {
      const rows = await prisma.privacyRequest.findMany({
        where: { shop: { in: [shop, redactedShop(shop)] } },
        orderBy: { receivedAt: "desc" },
        take: limit,
      });
      return rows.map((row) => {
        const request = { ...nameOf(row), receivedAt: row.receivedAt };
        if (row.completedAt === null) return { ...request, completedAt: null, receipt: null };
        return { ...request, completedAt: row.completedAt, receipt: row.receipt as PrivacyReceipt };
      });
    },
    async unfinished(receivedBy, limit) {
      const rows = await prisma.privacyRequest.findMany({
        where: { completedAt: null, receivedAt: { lte: receivedBy } },
        orderBy: { receivedAt: "asc" },
        take: limit,
      });
      return rows.map((row) => ({
        ...nameOf(row),
        shop: row.shop,
        receivedAt: row.receivedAt,
        progress: row.receipt as Progress,
      }));
    },
  };
}

type RequestRow = { id: string; kind: string; shopper: string | null };

/** Shoppers' names hold no space, so that one column holds several of them. */
const namesIn = (shoppers: readonly string[]): string | null => (shoppers.length === 0 ? null : shoppers.join(" "));

const nameOf = ({ id, kind, shopper }: RequestRow) => ({
  id,
  kind: kind as "shopper" | "data_request" | "customer_redact" | "shop_redact",
  shoppers: shopper === null ? [] : shopper.split(" "),
});

async function exportShoppers(prisma: PrismaClient, shop: string, shoppers: readonly string[]) {
  const where = { shop, shopper: { in: [...shoppers] } };
  const isOrdered = { shop, orderLines: { some: { orderId: { in: orderIdsIn(shoppers) } } } };
  const ordered = await prisma.portrait.findMany({ where: isOrdered, select: { photos: true } });
  const orderedPhotos = { shop, id: { in: photoIdsOf(ordered) } };
  const [photos, portraits, events] = await Promise.all([
    prisma.photo.findMany({
      where: { OR: [where, orderedPhotos] },
      orderBy: { createdAt: "asc" },
      select: { id: true, sha256: true, width: true, height: true, objectName: true, createdAt: true },
    }),
    prisma.portrait.findMany({
      where: { OR: [where, isOrdered] },
      orderBy: { createdAt: "asc" },
      select: {
        ...{ id: true, style: true, status: true, take: true, objectName: true, createdAt: true },
        orderLines: { select: { orderName: true }, orderBy: { orderedAt: "asc" } },
      },
    }),
    prisma.storefrontEvent.findMany({
      where,
      orderBy: { at: "asc" },
      select: { name: true, portraitId: true, at: true },
    }),
  ]);
  const told = portraits.map(({ orderLines, ...portrait }) => ({
    ...portrait,
    orders: [...new Set(orderLines.map(({ orderName }) => orderName))],
  }));
  return { photos, portraits: told, events };
}

async function guestsOfOrders(prisma: PrismaClient, shop: string, orders: readonly string[]): Promise<string[]> {
  const rows = await prisma.portrait.findMany({
    where: { shop, shopper: { startsWith: "s:" }, orderLines: { some: { orderId: { in: orderIdsIn(orders) } } } },
    distinct: ["shopper"],
    select: { shopper: true },
  });
  return rows.map(({ shopper }) => shopper);
}

async function guestsOf(prisma: PrismaClient, shop: string, customer: string): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ session: string }[]>(
    Prisma.sql`SELECT DISTINCT session FROM "Portrait" WHERE shop = ${shop} AND shopper = ${customer}`,
  );
  return rows.map(({ session }) => (session.startsWith("s:") ? session : `s:${session}`));
}
