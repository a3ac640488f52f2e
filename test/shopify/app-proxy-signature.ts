import { createHmac } from "node:crypto";

/**
 * How Shopify signs what it forwards through an app proxy: the query and nothing else. Every attack test starts from a
 * request that these two functions made valid, and then breaks exactly one thing.
 */

export type ProxyIdentity = {
  shop: string;
  /** Empty for a guest, as Shopify sends it. */
  customerId?: string;
  pathPrefix?: string;
  /** Unix seconds; now, unless told. */
  timestampSeconds?: number;
};

export type SignedProxyUrlOptions = ProxyIdentity & {
  appUrl: string;
  /** Below `/proxy`, for example `session` or `portraits/por_1`. */
  path: string;
  /** What the shopper's browser put in the query. */
  params?: URLSearchParams | Record<string, string> | string;
  secret: string;
};

export const defaultPathPrefix = "/apps/pet-portraits";

/**
 * The signature of a proxied query: `key=value` of every parameter but `signature`, repeated keys joined with a comma,
 * sorted by bytes, with nothing between them.
 *
 * @returns lower-case hex
 */
export function signProxyQuery(params: URLSearchParams, secret: string): string {
  const pairs = [...new Set(params.keys())]
    .filter((key) => key !== "signature")
    .map((key) => Buffer.from(`${key}=${params.getAll(key).join(",")}`));
  return createHmac("sha256", secret)
    .update(Buffer.concat(pairs.sort(Buffer.compare)))
    .digest("hex");
}

/**
 * Appends what Shopify adds to a shopper's query. What a browser sent under the same names stays where it was, so that
 * the app meets the repeated keys that it would meet in the world.
 */
export function signedProxyQuery(query: string, identity: ProxyIdentity, secret: string): string {
  const added = new URLSearchParams({
    shop: identity.shop,
    logged_in_customer_id: identity.customerId ?? "",
    path_prefix: identity.pathPrefix ?? defaultPathPrefix,
    timestamp: String(identity.timestampSeconds ?? Math.floor(Date.now() / 1000)),
  });
  const unsigned = [query.replace(/^\?/, ""), added.toString()].filter((part) => part !== "").join("&");
  return `${unsigned}&signature=${signProxyQuery(new URLSearchParams(unsigned), secret)}`;
}

/** The address at which Shopify would call the app for a shopper's request. */
export function signedProxyUrl({ appUrl, path, params = "", secret, ...identity }: SignedProxyUrlOptions): string {
  const query = typeof params === "string" ? params : new URLSearchParams(params).toString();
  return `${appUrl}/proxy/${path.replace(/^\/+/, "")}?${signedProxyQuery(query, identity, secret)}`;
}
