type ShopifyPage = {
  designMode?: boolean;
  customerPrivacy?: { analyticsProcessingAllowed?: () => boolean; preferencesProcessingAllowed?: () => boolean };
  loadFeatures?: (features: { name: string; version: string }[], done: (error?: unknown) => void) => void;
};

export function shopifyPage(): ShopifyPage {
  return (window as { Shopify?: ShopifyPage }).Shopify ?? {};
}

/**
 * Whether steps may be counted. The shop's own consent is asked, loaded first where the shop offers it; a page without
 * it (a development page) has nobody to protect. Photos and portraits do not depend on this: the shopper asks for those.
 */
export const mayCount = () => isAllowed("analyticsProcessingAllowed");

/** Whether the browser may keep what only spares the shopper time: their photos and portraits, for a week. */
export const mayRemember = () => isAllowed("preferencesProcessingAllowed");

async function isAllowed(purpose: "analyticsProcessingAllowed" | "preferencesProcessingAllowed"): Promise<boolean> {
  const page = shopifyPage();
  if (!page.customerPrivacy && page.loadFeatures) {
    await new Promise<void>((done) =>
      page.loadFeatures?.([{ name: "consent-tracking-api", version: "0.1" }], () => done()),
    );
  }
  // Called on its own object: it is a method of Shopify's.
  const allowed = shopifyPage().customerPrivacy;
  return allowed?.[purpose] ? allowed[purpose]() : !page.loadFeatures;
}
