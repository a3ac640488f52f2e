/** What happened on the storefront, for the merchant's figures: names from a closed list and opaque ids, nothing else. */
export interface StorefrontEvents {
  /** @param key - of the browser's request: the same event under the same key again is counted once */
  record(event: StorefrontEvent, key?: string | null): Promise<void>;
}

export type StorefrontEvent = {
  shop: string;
  shopper: string;
  /** The browser's own events, and `cache_hit`, which only we write. */
  name: "widget_viewed" | "photo_chosen" | "portrait_shown" | "added_to_cart" | "cache_hit";
  portraitId: string | null;
};
