import type { ShopifyGlobal } from "@shopify/app-bridge-react";

/**
 * App Bridge where there is one. A page must also work where the script did not load, and some of it is newer than the
 * admin of a merchant's phone; so nothing of it is taken for granted.
 */
export type AppBridge = Partial<Pick<ShopifyGlobal, "app" | "loading" | "toast">>;

export function appBridge(): AppBridge | undefined {
  return typeof window === "undefined" ? undefined : (window as { shopify?: AppBridge }).shopify;
}
