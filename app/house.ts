import type { Config } from "#app/config.server.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";
import type { Log } from "#app/kernel/log.ts";
import type { UsageReport } from "#app/ledger/usage-report.ts";
import type { Privacy } from "#app/privacy/privacy.ts";
import type { Webhooks } from "#app/http/webhooks.ts";
import type { Shopify } from "#app/shopify.server.ts";
import type { Storefront } from "#app/http/storefront.ts";

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
  /** The storefront API's calls, one function each. */
  storefront: Storefront;
  usage: UsageReport;
  privacy: Privacy;
  webhooks: Webhooks;
};

declare module "@remix-run/node" {
  interface AppLoadContext {
    house: House;
  }
}
