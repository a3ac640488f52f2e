import "@shopify/shopify-app-remix/adapters/node";
import type { PrismaClient } from "@prisma/client";
import { LogSeverity } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import type { Config } from "#app/config.server.ts";
import { createSessionStorage } from "#app/session-storage.server.ts";

/**
 * Shopify's library, made once by the wiring and given to the doors in the house. Who a merchant is comes from it and
 * from nowhere else; the storefront's and the webhooks' signatures are checked by our own code (app/http), because the
 * library's checks call Shopify first and fail with it.
 */
export function createShopify({ config, prisma }: { config: Config; prisma: PrismaClient }) {
  const { localUrl } = config.shopify;
  const shopify = shopifyApp({
    apiKey: config.shopify.apiKey,
    apiSecretKey: config.shopify.apiSecret,
    apiVersion: ApiVersion.October26,
    scopes: config.shopify.scopes,
    appUrl: config.appUrl,
    authPathPrefix: "/auth",
    distribution: AppDistribution.AppStore,
    sessionStorage: createSessionStorage(prisma),
    // Token exchange instead of redirects, and offline tokens that expire: Shopify requires both of new apps.
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    hooks: {
      async afterAuth({ session }) {
        await prisma.shop.updateMany({ where: { shop: session.shop }, data: { uninstalledAt: null } });
      },
    },
    // Below a warning it tells of every request, with its shop.
    logger: { level: LogSeverity.Warning },
  });
  const doors = localUrl === null ? shopify : onLocalShopify(shopify, localUrl);
  return Object.freeze({ ...doors, appBridgeUrl: localUrl === null ? appBridge : localAppBridge(localUrl) });
}

export type Shopify = ReturnType<typeof createShopify>;

const appBridge = "https://cdn.shopify.com/shopifycloud/app-bridge.js";
const localAppBridge = (localUrl: string) => `${localUrl}/app-bridge.js`;

type Doors = {
  authenticate: { admin: (request: Request) => Promise<unknown> };
  addDocumentResponseHeaders: (request: Request, headers: Headers) => void;
  login: (request: Request) => Promise<unknown>;
};

/**
 * The same library with the local Shopify in Shopify's place, for `npm run preview` and the browser tests; config refuses
 * it in production. The library has one way out for its own calls and takes the address of App Bridge from the
 * environment only, so what it answers is pointed at the local one on its way out.
 */
function onLocalShopify<Library extends Doors>(library: Library, localUrl: string): Library {
  setAbstractFetchFunc((input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    headers.set("X-Local-Shopify-Shop", url.hostname);
    return fetch(`${localUrl}${url.pathname}${url.search}`, { ...init, headers });
  });
  const pointThrownHere = <Door extends (request: Request) => Promise<unknown>>(door: Door): Door =>
    (async (request: Request) => {
      try {
        return await door(request);
      } catch (thrown) {
        throw thrown instanceof Response ? await pointedAt(localUrl, thrown) : thrown;
      }
    }) as Door;
  return {
    ...library,
    login: pointThrownHere(library.login),
    authenticate: { ...library.authenticate, admin: pointThrownHere(library.authenticate.admin) },
    addDocumentResponseHeaders(request, headers) {
      library.addDocumentResponseHeaders(request, headers);
      pointHeadersAt(localUrl, headers);
    },
  };
}

/** The bounce page's App Bridge, the frame's parent, and redirects into Shopify's admin. */
async function pointedAt(localUrl: string, response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  pointHeadersAt(localUrl, headers);
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  const body = isPage ? (await response.text()).replaceAll(appBridge, localAppBridge(localUrl)) : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

function pointHeadersAt(localUrl: string, headers: Headers): void {
  const policy = headers.get("Content-Security-Policy");
  if (policy !== null) {
    headers.set(
      "Content-Security-Policy",
      policy.replace("frame-ancestors ", `frame-ancestors ${new URL(localUrl).origin} `),
    );
  }
  const link = headers.get("Link");
  if (link !== null) headers.set("Link", link.replace(appBridge, localAppBridge(localUrl)));
  const location = headers.get("Location");
  if (location !== null && /^https:\/\/(admin\.shopify\.com|[a-z0-9-]+\.myshopify\.com)\//.test(location)) {
    headers.set("Location", `${localUrl}/admin`);
  }
}
