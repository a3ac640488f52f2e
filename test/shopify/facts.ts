/** What every part of the local Shopify knows about itself and about the app. */
export type LocalShopifyFacts = {
  url: string;
  shop: string;
  appUrl: string;
  /** Where previews lie and browsers send photos, when that is not the app. */
  storageUrl?: string;
  apiKey: string;
  apiSecret: string;
  proxyTimeoutMs: number;
  extensionFolder: string;
  log: (line: string) => void;
};
