import type { Prisma } from "@prisma/client";
import { utcDay } from "#app/kernel/clock.ts";
import type {
  OpenRequest,
  PersonalRecords,
  PrivacyReceipt,
  PrivacyRequestRecord,
  Progress,
  RecordCounts,
} from "#app/privacy/personal-records.ts";
import { redactedShop } from "#app/privacy/redacted-shop.ts";

/** The tables that the port is about, as arrays of rows. Both the fake and a database are filled from it. */
export type Tables = {
  shop: Prisma.ShopCreateManyInput[];
  session: Prisma.SessionCreateManyInput[];
  photo: Prisma.PhotoCreateManyInput[];
  photoAlias: Prisma.PhotoAliasCreateManyInput[];
  portrait: Prisma.PortraitCreateManyInput[];
  orderLine: Prisma.OrderLineCreateManyInput[];
  storefrontEvent: Prisma.StorefrontEventCreateManyInput[];
  idempotentAnswer: Prisma.IdempotentAnswerCreateManyInput[];
  quotaEntry: Prisma.QuotaEntryCreateManyInput[];
  attempt: Prisma.AttemptCreateManyInput[];
  budgetEntry: Prisma.BudgetEntryCreateManyInput[];
  budgetDay: Prisma.BudgetDayCreateManyInput[];
  webhookDelivery: Prisma.WebhookDeliveryCreateManyInput[];
};

type Request = OpenRequest & { completedAt: Date | null; receipt: PrivacyReceipt | null };
type Row = { shop: string; shopper?: string };

export const emptyTables = (): Tables => ({
  shop: [],
  session: [],
  photo: [],
  photoAlias: [],
  portrait: [],
  orderLine: [],
  storefrontEvent: [],
  idempotentAnswer: [],
  quotaEntry: [],
  attempt: [],
  budgetEntry: [],
  budgetDay: [],
  webhookDelivery: [],
});

const by = (date: Date | string, limit: Date): boolean => new Date(date) <= limit;
const before = (date: Date | string, limit: Date): boolean => new Date(date) < limit;

/** The port in memory: what the stories are tested on, held to the same contract as the database. */
export function createMemoryPersonalRecords(tables: Tables = emptyTables()) {
  const requests: Request[] = [];
  const requestOf = (id: string): Request => {
    const found = requests.find((request) => request.id === id);
    if (found === undefined) throw new Error(`there is no privacy request ${id}`);
    return found;
  };
  const take = <Name extends keyof Tables>(
    name: Name,
    gone: (row: Tables[Name][number]) => boolean,
    limit = Infinity,
  ) => {
    const taken = (tables[name] as Tables[Name][number][]).filter(gone).slice(0, limit);
    tables[name] = (tables[name] as Tables[Name][number][]).filter((row) => !taken.includes(row)) as Tables[Name];
    return taken;
  };
  const unnamed = (shop: string, names: readonly string[]): string[] => {
    const named = [...tables.photo, ...tables.portrait].filter((row) => row.shop === shop).map((row) => row.objectName);
    return names.filter((name) => !named.includes(name));
  };
  const isOf = (shop: string, shoppers: readonly string[]) => (row: Row) =>
    row.shop === shop && shoppers.includes(row.shopper ?? "");
  const isPartOfOrder = (shop: string, shoppers: readonly string[]) => {
    const theirs = tables.portrait.filter(
      (row) => row.shop === shop && row.orderedAt && (shoppers.includes(row.shopper) || shoppers.includes(row.session)),
    );
    return ({ id }: { id: string }) => theirs.some((row) => photoIdsIn(row).includes(id));
  };
  const linesOf = (shop: string, names: readonly string[]) =>
    tables.orderLine.filter((row) => row.shop === shop && names.includes(`o:${row.orderId}`));
  const counts = (
    shop: string,
    shoppers: readonly string[],
    limit: Date,
    { withoutOrdered }: { withoutOrdered: boolean },
  ): RecordCounts => {
    const mine = isOf(shop, shoppers);
    const stays = isPartOfOrder(shop, shoppers);
    const photos = tables.photo.filter(
      (row) => mine(row) && by(row.createdAt, limit) && !(withoutOrdered && stays(row)),
    );
    const answers = tables.idempotentAnswer.filter((row) => mine(row) && by(row.createdAt, limit));
    const aliases = tables.photoAlias.filter((row) => photos.some(({ id }) => id === row.photoId));
    return {
      photos: photos.length,
      portraits: tables.portrait.filter(
        (row) => mine(row) && by(row.createdAt, limit) && !(withoutOrdered && row.orderedAt),
      ).length,
      events: tables.storefrontEvent.filter((row) => mine(row) && by(row.at, limit)).length,
      others: answers.length + aliases.length + (withoutOrdered ? 0 : linesOf(shop, shoppers).length),
    };
  };
  const countsOfShop = (shop: string): RecordCounts => {
    const { photo, portrait, storefrontEvent, webhookDelivery: _, ...others } = tables;
    const of = (rows: readonly Row[]) => rows.filter((row) => row.shop === shop).length;
    const rest = Object.values(others).reduce((sum, rows) => sum + of(rows as Row[]), 0);
    return { photos: of(photo), portraits: of(portrait), events: of(storefrontEvent), others: rest };
  };

  const records: PersonalRecords = {
    async export(shop, shoppers) {
      const mine = isOf(shop, shoppers);
      const lines = linesOf(shop, shoppers);
      const ordered = tables.portrait.filter(({ id }) => lines.some(({ portraitId }) => portraitId === id));
      const pick = <Key extends string>(row: object, ...keys: Key[]) =>
        Object.fromEntries(keys.map((key) => [key, (row as Record<string, unknown>)[key]]));
      return {
        photos: tables.photo
          .filter((row) => mine(row) || (row.shop === shop && ordered.some((one) => photoIdsIn(one).includes(row.id))))
          .map((row) => pick(row, "id", "sha256", "width", "height", "objectName", "createdAt")),
        portraits: tables.portrait
          .filter((row) => mine(row) || ordered.includes(row))
          .map((row) => ({
            ...pick(row, "id", "style", "status", "take", "objectName", "createdAt"),
            orders: tables.orderLine.filter((line) => line.portraitId === row.id).map(({ orderName }) => orderName),
          })),
        events: tables.storefrontEvent.filter(mine).map((row) => pick(row, "name", "portraitId", "at")),
      } as Awaited<ReturnType<PersonalRecords["export"]>>;
    },
    async guestsOf(shop, customer) {
      return [...new Set(tables.portrait.filter(isOf(shop, [customer])).map((row) => row.session))];
    },
    async guestsOfOrders(shop, orders) {
      const lines = linesOf(shop, orders);
      const guests = tables.portrait.filter(
        ({ id, shopper }) => shopper.startsWith("s:") && lines.some(({ portraitId }) => portraitId === id),
      );
      return [...new Set(guests.map(({ shopper }) => shopper))];
    },
    async forget({ id, shop, receivedAt, kind }, shoppers) {
      const request = requestOf(id);
      const mine = isOf(shop, shoppers);
      const isTheirs = (row: Row & { createdAt: Date | string }) => mine(row) && by(row.createdAt, receivedAt);
      const withoutOrdered = kind === "shopper";
      const stays = isPartOfOrder(shop, shoppers);
      const aliases = take("photoAlias", (row) => tables.photo.some((one) => one.id === row.photoId && isTheirs(one)));
      const photos = take("photo", (row) => isTheirs(row) && !(withoutOrdered && stays(row)));
      const portraits = take("portrait", (row) => isTheirs(row) && !(withoutOrdered && row.orderedAt));
      const theirLines = linesOf(shop, shoppers);
      const lines = take(
        "orderLine",
        (row) => portraits.some((one) => one.id === row.portraitId) || (!withoutOrdered && theirLines.includes(row)),
      );
      for (const row of tables.portrait) if (isTheirs(row)) row.hiddenAt ??= receivedAt;
      const events = take("storefrontEvent", (row) => mine(row) && by(row.at, receivedAt));
      const answers = take("idempotentAnswer", isTheirs);
      const today = utcDay(receivedAt.getTime());
      const yesterday = new Date(receivedAt.getTime() - 86_400_000);
      const isEarlier = (row: Prisma.QuotaEntryCreateManyInput) =>
        row.window === "rolling" ? before(row.reservedAt, yesterday) : row.window < today;
      take("quotaEntry", (row) => row.shop === shop && shoppers.includes(row.subject) && isEarlier(row));
      for (const other of requests) {
        if (other.kind === "data_request" && other.shop === shop && shoppers.includes(other.shoppers[0] ?? ""))
          other.shoppers = [];
      }
      const names = [
        ...new Set([...photos, ...portraits].map((row) => row.objectName).filter((name) => typeof name === "string")),
      ];
      const orphans = unnamed(shop, names);
      return (request.progress = {
        ...request.progress,
        deleted: sum(request.progress.deleted, {
          photos: photos.length,
          portraits: portraits.length,
          events: events.length,
          others: aliases.length + answers.length + lines.length,
        }),
        objectsToDelete: [...new Set([...request.progress.objectsToDelete, ...orphans])],
        objectsShared: request.progress.objectsShared + names.length - orphans.length,
      });
    },
    async forgetShop({ id, shop }) {
      const request = requestOf(id);
      const deleted = countsOfShop(shop);
      for (const row of tables.webhookDelivery) if (row.shop === shop) row.shop = redactedShop(shop);
      for (const name of Object.keys(tables) as (keyof Tables)[]) take(name, (row) => row.shop === shop);
      const earlier = requests.filter((other) => other.shop === shop && other.id !== id);
      for (const other of earlier) requests.splice(requests.indexOf(other), 1);
      const all = { ...deleted, others: deleted.others + earlier.length };
      return (request.progress = { ...request.progress, deleted: sum(request.progress.deleted, all) });
    },
    async forgetExpired(cutoffs, limit) {
      const isActive = ({ status, expiresAt }: Prisma.PortraitCreateManyInput) =>
        status === "queued" || status === "making" || (status === "pending" && !before(expiresAt, cutoffs.expired));
      const isNeeded = (photo: Prisma.PhotoCreateManyInput) =>
        tables.portrait.some((row) => row.shop === photo.shop && row.shopper === photo.shopper && isActive(row));
      const photos = take("photo", (row) => before(row.expiresAt, cutoffs.expired) && !isNeeded(row), limit);
      take("photoAlias", (row) => photos.some((photo) => photo.id === row.photoId));
      const isBeingMade = (row: Prisma.PortraitCreateManyInput) => ["queued", "making"].includes(row.status);
      const portraits = take("portrait", (row) => before(row.expiresAt, cutoffs.expired) && !isBeingMade(row), limit);
      take("orderLine", (row) => portraits.some((one) => one.id === row.portraitId));
      const events = take("storefrontEvent", (row) => before(row.at, cutoffs.events), limit);
      const answers = take("idempotentAnswer", (row) => before(row.expiresAt, cutoffs.expired), limit);
      const quota = take("quotaEntry", (row) => before(row.reservedAt, cutoffs.quotaEntries), limit);
      const budget = take("budgetEntry", (row) => before(row.leaseExpiresAt, cutoffs.quotaEntries), limit);
      const deliveries = take("webhookDelivery", (row) => before(row.receivedAt, cutoffs.webhookDeliveries), limit);
      for (const request of requests) {
        if (request.kind === "data_request" && before(request.receivedAt, cutoffs.dataRequests)) request.shoppers = [];
      }
      const named = [...photos, ...portraits].flatMap(({ shop, objectName }) =>
        typeof objectName === "string" ? [{ shop, name: objectName }] : [],
      );
      const distinct = [...new Map(named.map((object) => [object.name, object])).values()];
      return {
        photos: photos.length,
        portraits: portraits.length,
        events: events.length,
        others: answers.length + quota.length + budget.length + deliveries.length,
        orphanedObjects: distinct.filter(({ shop, name }) => unnamed(shop, [name]).length > 0),
        more: [photos, portraits, events, answers, quota, budget, deliveries].some((rows) => rows.length >= limit),
      };
    },
    async count(shop, shoppers, createdBy, options = { withoutOrdered: false }) {
      return shoppers === "everybody" ? countsOfShop(shop) : counts(shop, shoppers, createdBy, options);
    },
    unnamed: async (shop, objects) => unnamed(shop, objects),
    async endSessions(shop, at) {
      take("session", (row) => row.shop === shop);
      for (const row of tables.shop) if (row.shop === shop) row.uninstalledAt ??= at;
    },
    async open(request) {
      requests.push({ ...structuredClone(request), completedAt: null, receipt: null });
    },
    async saveProgress({ id }, progress: Progress) {
      requestOf(id).progress = progress;
    },
    async complete({ id }, { at, receipt }) {
      const request = requestOf(id);
      Object.assign(request, { completedAt: at, receipt });
      if (request.kind !== "data_request") request.shoppers = [];
      if (request.kind === "shop_redact") request.shop = redactedShop(request.shop);
    },
    async requests(shop, limit) {
      const mine = requests.filter((request) => [shop, redactedShop(shop)].includes(request.shop));
      const newest = mine.toSorted((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime()).slice(0, limit);
      return newest.map(({ id, kind, shoppers, receivedAt, completedAt, receipt }) =>
        structuredClone({ id, kind, shoppers, receivedAt, completedAt, receipt } as PrivacyRequestRecord),
      );
    },
    async unfinished(receivedBy, limit) {
      const open = requests.filter((request) => request.completedAt === null && by(request.receivedAt, receivedBy));
      return open.slice(0, limit).map(({ completedAt: _, receipt: __, ...request }) => structuredClone(request));
    },
  };
  const stored = () => [
    ...Object.entries(tables).flatMap(([name, rows]) => rows.map((row) => `${name} ${text(row)}`)),
    ...requests.map((row) => `request ${text(row)}`),
  ];
  return { records, tables, stored };
}

const photoIdsIn = ({ photos }: Prisma.PortraitCreateManyInput): string[] =>
  (photos as unknown as { photoId: string }[]).map(({ photoId }) => photoId);

const text = (row: unknown): string =>
  JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));

const sum = (a: RecordCounts, b: RecordCounts): RecordCounts => ({
  photos: a.photos + b.photos,
  portraits: a.portraits + b.portraits,
  events: a.events + b.events,
  others: a.others + b.others,
});
