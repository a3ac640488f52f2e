type ShopifyPage = {
  designMode?: boolean;
  customerPrivacy?: { analyticsProcessingAllowed?: () => boolean };
  loadFeatures?: (features: { name: string; version: string }[], done: (error?: unknown) => void) => void;
};

export function shopifyPage(): ShopifyPage {
  return (window as { Shopify?: ShopifyPage }).Shopify ?? {};
}

/**
 * Whether steps may be counted. The shop's own consent is asked, loaded first where the shop offers it; a page without
 * it (a development page) has nobody to protect. Photos and portraits do not depend on this: the shopper asks for those.
 */
export async function mayCount(): Promise<boolean> {
  const page = shopifyPage();
  if (!page.customerPrivacy && page.loadFeatures) {
    await new Promise<void>((done) =>
      page.loadFeatures?.([{ name: "consent-tracking-api", version: "0.1" }], () => done()),
    );
  }
  const allowed = shopifyPage().customerPrivacy?.analyticsProcessingAllowed;
  return allowed ? allowed() : !page.loadFeatures;
}
