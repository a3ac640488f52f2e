import { blockHandle } from "../storefront/app-block.ts";
import { mainSectionId } from "../storefront/pages.ts";
import { products } from "../storefront/catalogue.ts";
import { createTranslate } from "../storefront/translations.ts";

/** What the admin knows of the shop, in the shapes of the Admin API and of App Bridge. */

export const themeGid = "gid://shopify/OnlineStoreTheme/150000000001";

export function adminApiRoot({ shop, url, themesFolder }: { shop: string; url: string; themesFolder: string }) {
  const translate = createTranslate(`${themesFolder}/locales`, "en");
  const theme = { id: themeGid, name: "Local theme", role: "MAIN" };
  const nodes = products.map((product) => ({
    id: `gid://shopify/Product/${product.id}`,
    title: translate(`products.${product.handle}.title`),
    handle: product.handle,
    status: "ACTIVE",
    productType: product.type,
    tags: product.tags,
    onlineStoreUrl: `${url}/products/${product.handle}`,
    featuredImage: { url: `${url}/cdn/pictures/${product.pictures[0]?.file}`, altText: null },
  }));
  return {
    shop: {
      id: "gid://shopify/Shop/8000001",
      name: "Paws & Paper",
      email: "shop@example.com",
      currencyCode: "USD",
      ianaTimezone: "America/New_York",
      timezoneAbbreviation: "EST",
      myshopifyDomain: shop,
      primaryDomain: { host: shop, url },
      url,
      plan: { displayName: "Local", partnerDevelopment: true, shopifyPlus: false },
    },
    themes: { nodes: [theme], edges: [{ node: theme }] },
    products: { nodes, edges: nodes.map((node) => ({ node })), pageInfo: { hasNextPage: false, endCursor: null } },
    currentAppInstallation: { id: "gid://shopify/AppInstallation/1", activeSubscriptions: [] },
  };
}

/** What `shopify.app.extensions()` answers. */
export function extensionStatus(isActive: boolean) {
  const placed = [{ target: `${mainSectionId}/${blockHandle}`, themeId: themeGid }];
  const block = {
    handle: blockHandle,
    name: "Pet portrait",
    target: "section",
    status: isActive ? "active" : "available",
    activations: isActive ? placed : [],
  };
  return [{ handle: blockHandle, type: "theme_app_extension", activations: [block] }];
}
