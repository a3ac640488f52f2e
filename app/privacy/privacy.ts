import { countCustomerData, exportDocument } from "./export-shopper.ts";
import { forgetWholeShop } from "./forget-shop.ts";
import { customerName, forgetShoppers, orderName, shoppersOfCustomer, type NamedCustomer } from "./forget-shopper.ts";
import type { PrivacyParts } from "./parts.ts";
import {
  noProgress,
  type OpenRequest,
  type PrivacyKind,
  type PrivacyReceipt,
  type PrivacyRequestRecord,
} from "./personal-records.ts";
import { sweepExpired, type SweepReport } from "./sweep-expired.ts";
import { sweepOrphans } from "./sweep-orphans.ts";

/**
 * What people may ask of us about their data, and what Shopify asks in their name. Each request is written down before
 * anything is done and completed only when we have looked and found nothing left; what a crash or a dead store
 * interrupts is taken up again by `resumeUnfinished`.
 *
 * The ledger's attempts name nobody and stay when a shopper is forgotten: the merchant's costs do not change because a
 * shopper leaves. When a shop is forgotten they go as well.
 */
export type Privacy = {
  /** "Delete my photos": everything of these shoppers that is there now and not part of an order. */
  forgetShopper(who: { shop: string; shoppers: readonly string[] }): Promise<ForgetReceipt>;
  /** `customers/redact`. Resolves once the request is written down. */
  forgetCustomer(who: NamedCustomer): Promise<AcceptedRequest>;
  /** `shop/redact`. Resolves once the request is written down. */
  forgetShop(shop: string): Promise<AcceptedRequest>;
  /** `customers/data_request`: counts what there is, for the merchant to fetch and hand over. */
  exportCustomer(who: NamedCustomer): Promise<{ id: string; receipt: PrivacyReceipt }>;
  /** @returns what the merchant may download of a request; undefined when it is not this shop's or is not done yet */
  document(shop: string, id: string): Promise<AsyncIterable<string> | undefined>;
  /** `app/uninstalled`: the access tokens go now, everything else at `shop/redact`. */
  uninstalled(shop: string): Promise<void>;
  sweepExpired(): Promise<SweepReport>;
  sweepOrphans(): Promise<number>;
  /** Takes up requests that were interrupted. @returns how many of them are done now */
  resumeUnfinished(): Promise<number>;
  /** The newest requests of the shop, newest first. */
  requests(shop: string): Promise<PrivacyRequestRecord[]>;
};

export type ForgetReceipt = { id: string; photos: number; portraits: number; objects: number; at: string };

/**
 * The work goes on after the answer. `finished` is for whoever wants to wait; it never rejects, and gives undefined where
 * the request has to be taken up again.
 */
export type AcceptedRequest = { id: string; finished: Promise<PrivacyReceipt | undefined> };

/** Younger requests are still being worked at, here or on another instance. */
const resumeAfterMs = 60_000;
const shownRequests = 100;

export function createPrivacy(parts: PrivacyParts): Privacy {
  const suspects = new Map<string, number>();
  return Object.freeze({
    async forgetShopper({ shop, shoppers }) {
      const request = await openRequest(parts, { shop, kind: "shopper", shoppers: [...shoppers] });
      const { receipt } = await carryOut(parts, request);
      const { photos, portraits } = receipt.records;
      return { id: request.id, photos, portraits, objects: receipt.objects, at: parts.clock.now().toISOString() };
    },
    async forgetCustomer(customer) {
      const { shop, orderIds } = customer;
      const shoppers = await shoppersOfCustomer(parts, customer);
      const request = await openRequest(parts, { shop, kind: "customer_redact", shoppers });
      parts.log.info("privacy.customer_redact", { shop, request: request.id, orders: orderIds.length });
      return inBackground(parts, request);
    },
    async forgetShop(shop) {
      return inBackground(parts, await openRequest(parts, { shop, kind: "shop_redact", shoppers: [] }));
    },
    async exportCustomer({ shop, customerId, orderIds }) {
      const shoppers = [customerName(customerId), ...orderIds.map(orderName)];
      const request = await openRequest(parts, { shop, kind: "data_request", shoppers });
      return { id: request.id, receipt: (await carryOut(parts, request)).receipt };
    },
    document: (shop, id) => documentOf(parts, shop, id),
    uninstalled: (shop) => parts.records.endSessions(shop, parts.clock.now()),
    sweepExpired: () => sweepExpired(parts),
    sweepOrphans: () => sweepOrphans(parts, suspects),
    resumeUnfinished: () => resumeUnfinished(parts),
    requests: (shop) => parts.records.requests(shop, shownRequests),
  } satisfies Privacy);
}

async function openRequest(
  parts: PrivacyParts,
  { shop, kind, shoppers }: { shop: string; kind: PrivacyKind; shoppers: string[] },
): Promise<OpenRequest> {
  const id = parts.ids.next("rcp");
  const request: OpenRequest = { id, shop, kind, shoppers, receivedAt: parts.clock.now(), progress: noProgress };
  await parts.records.open(request);
  return request;
}

type Outcome = { receipt: PrivacyReceipt; done: boolean };

async function carryOut(parts: PrivacyParts, request: OpenRequest): Promise<Outcome> {
  const { receipt, done } = await work(parts, request);
  const facts = { request: request.id, kind: request.kind, ...receipt.records, objects: receipt.objects };
  if (!done) {
    // A photo that was just arriving, or a store that did not answer: it is taken up again in a minute.
    parts.log.warn("privacy.unfinished", { ...facts, left: receipt.left });
    return { receipt, done };
  }
  await parts.records.complete(request, { at: parts.clock.now(), receipt });
  parts.log.info("privacy.done", facts);
  return { receipt, done };
}

async function work(parts: PrivacyParts, request: OpenRequest): Promise<Outcome> {
  if (request.kind === "shop_redact") return forgetWholeShop(parts, request);
  if (request.kind !== "data_request") return forgetShoppers(parts, request);
  return { receipt: await countCustomerData(parts, request.shop, request.shoppers), done: true };
}

function inBackground(parts: PrivacyParts, request: OpenRequest): AcceptedRequest {
  const interrupted = (error: unknown) => {
    parts.log.error("privacy.interrupted", { request: request.id, kind: request.kind, error });
    return undefined;
  };
  const finished = carryOut(parts, request).then(({ receipt, done }) => (done ? receipt : undefined), interrupted);
  return { id: request.id, finished };
}

async function resumeUnfinished(parts: PrivacyParts): Promise<number> {
  const receivedBy = new Date(parts.clock.nowMs() - resumeAfterMs);
  let done = 0;
  for (const request of await parts.records.unfinished(receivedBy, shownRequests)) {
    const receipt = await inBackground(parts, request).finished;
    if (receipt !== undefined) done += 1;
  }
  return done;
}

async function documentOf(parts: PrivacyParts, shop: string, id: string): Promise<AsyncIterable<string> | undefined> {
  const requests = await parts.records.requests(shop, shownRequests);
  const request = requests.find((candidate) => candidate.id === id);
  if (request === undefined || request.completedAt === null) return undefined;
  const { shoppers, completedAt, receivedAt, kind, receipt } = request;
  const heading = {
    request: request.id,
    kind,
    shop,
    received_at: receivedAt.toISOString(),
    completed_at: completedAt.toISOString(),
  };
  if (kind === "data_request") return exportDocument(parts, { shop, shoppers, heading: { ...heading, shoppers } });
  return oneText(`${JSON.stringify({ ...heading, receipt }, null, 2)}\n`);
}

async function* oneText(text: string): AsyncGenerator<string> {
  yield text;
}
