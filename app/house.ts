import type { Config } from "#app/config.server.ts";
import type { IdempotentAnswers } from "#app/http/idempotent-answers.ts";
import type { SessionTokens } from "#app/http/session-token.ts";
import type { Webhooks } from "#app/http/webhooks.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import type { Shopper } from "#app/kernel/shopper.ts";
import type { ShopBudget } from "#app/ledger/shop-budget.ts";
import type { UsageReport } from "#app/ledger/usage-report.ts";
import type { Order } from "#app/orders/order.ts";
import type { AdmittedUploads } from "#app/photos/admitted-uploads.ts";
import type { DirectPhotos } from "#app/photos/direct-photos.ts";
import type { PhotoLimits } from "#app/photos/limits.ts";
import type { TakenPhoto } from "#app/photos/take-photo.ts";
import type { SpooledUpload } from "#app/photos/upload-spool.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import type { PortraitGiven, PortraitWish } from "#app/portraits/request-portrait.ts";
import type { Privacy } from "#app/privacy/privacy.ts";
import type { ShopperQuota } from "#app/quota/shopper-quota.ts";
import type { Shopify } from "#app/shopify.server.ts";
import type { StorefrontEvents } from "#app/telemetry/storefront-events.ts";

/**
 * What every door is given as Remix's load context. It is built once, in wiring.server.ts; doors import this type and
 * never the wiring, because a bundled copy of the wiring would be a second house.
 */
export type House = {
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Log;
  shopify: Shopify;
  sessions: SessionTokens;
  answers: IdempotentAnswers;
  uploads: AdmittedUploads;
  photos: {
    limits: PhotoLimits;
    take(shopper: Shopper, upload: SpooledUpload, options: { sourceSha256: string | null }): Promise<TakenPhoto>;
    /** Photos that browsers send straight into storage; absent where storage is a folder. */
    direct?: DirectPhotos | undefined;
  };
  portraits: {
    request(shopper: Shopper, wish: PortraitWish): Promise<PortraitGiven>;
    watch(shopper: Shopper, options: { id: string; waitMs: number; signal: AbortSignal }): Promise<PortraitRecord>;
    list(shopper: Shopper): Promise<PortraitRecord[]>;
    cancel(shopper: Shopper, id: string): Promise<PortraitRecord>;
    /** Milliseconds that are still to be expected, or null. */
    estimateMs(portrait: PortraitRecord): Promise<number | null>;
    /** Who has the token has the picture: it is the address that the shopper may share. */
    image(token: string): Promise<{ bytes: Buffer; contentType: string } | undefined>;
  };
  orders: {
    /** Resolves once the order is written down; `finished` never rejects. */
    take(order: Order): Promise<{ finished: Promise<void> }>;
    /** Takes up what is due: interrupted, short of money, or to be tried again. */
    resume(): Promise<void>;
  };
  /** @returns null while the store does not answer: a shopper's portraits are theirs also then */
  quota(shopper: Shopper): Promise<ShopperQuota | null>;
  events: StorefrontEvents;
  usage: UsageReport;
  budgetOf(shop: string): Promise<ShopBudget>;
  /** The variant of the background remover that cuts pets out when nothing is wrong. */
  usualRemover: string;
  privacy: Privacy;
  webhooks: Webhooks;
  /** Whether the process cannot keep up with what it has: new work that costs is turned away. */
  isOverloaded(): boolean;
  /** Whether every part answers; for load balancers. */
  isReady(): Promise<boolean>;
};

declare module "@remix-run/node" {
  interface AppLoadContext {
    house: House;
  }
}
