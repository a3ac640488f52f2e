import { fileURLToPath } from "node:url";
import type { HttpBindings } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { addAdminDoors } from "./admin/admin-doors.ts";
import { defaultPathPrefix } from "./app-proxy-signature.ts";
import { forwardToApp } from "./app-proxy.ts";
import type { LocalShopifyFacts } from "./facts.ts";
import { addFrontDoors } from "./front/front-doors.ts";
import { createCartStore } from "./storefront/cart.ts";
import { addCartDoors } from "./storefront/cart-doors.ts";
import { addCheckoutDoors } from "./storefront/checkout-doors.ts";
import { storefrontPolicy } from "./storefront/content-security-policy.ts";
import type { Storefront } from "./storefront/pages.ts";
import { addStorefrontDoors } from "./storefront/storefront-doors.ts";
import { createUploads } from "./storefront/uploads.ts";
import { readCustomerId } from "./storefront/visit.ts";

/** Everything that the local Shopify answers, put together. */

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export function addDoors(facts: LocalShopifyFacts): Hono {
  const app = new Hono();
  const themeState = { isBlockActive: true };
  const carts = createCartStore();
  const uploads = createUploads();
  const storefront: Storefront = {
    extensionFolder: facts.extensionFolder,
    themesFolder: folder("./themes"),
    shop: { domain: facts.shop, url: facts.url },
    isBlockActive: () => themeState.isBlockActive,
  };
  app.use(onlyThisMachine);
  app.onError((error, c) => {
    facts.log(`${c.req.method} ${c.req.path}: ${error.stack ?? error.message}`);
    return c.text(`The local Shopify failed: ${error.message}\n`, 500);
  });
  for (const path of ["/products/*", "/collections/*", "/cart/*", "/checkout"]) {
    app.use(path, storefrontPolicy(facts.appUrl, facts.storageUrl));
  }
  addAppProxy(app, facts);
  addStorefrontDoors(app, { storefront, carts, uploads, picturesFolder: folder("./pictures") });
  addCartDoors(app, { storefront, carts, uploads });
  addCheckoutDoors(app, { storefront, carts, facts });
  addAdminDoors(app, { facts, themeState });
  addFrontDoors(app, { facts });
  return app;
}

/** A page of somewhere else that points its own host name at this machine must not be handed tokens and signatures. */
const onlyThisMachine: MiddlewareHandler = async (c, next) => {
  const { hostname } = new URL(c.req.url);
  if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return c.text("Only for this machine.\n", 403);
  return next();
};

function addAppProxy(
  app: Hono,
  { appUrl, shop, apiSecret: secret, proxyTimeoutMs: timeoutMs }: LocalShopifyFacts,
): void {
  app.all(`${defaultPathPrefix}/*`, (c) => {
    const { incoming } = c.env as HttpBindings;
    return forwardToApp(
      { appUrl, shop, secret, timeoutMs },
      {
        method: c.req.method,
        target: incoming.url ?? c.req.path,
        headers: c.req.raw.headers,
        body: incoming,
        customerId: readCustomerId(c),
        clientAddress: incoming.socket.remoteAddress ?? "127.0.0.1",
      },
    );
  });
}
