import { cartJson, type LineJson } from "./cart-json.ts";
import { products, type Product, type Variant } from "./catalogue.ts";
import type { Translate } from "./translations.ts";
import { locales, type Locale, type Visit } from "./visit.ts";

/** The objects that Liquid sees on a storefront page, in Shopify's names. */

export type ShopFacts = { domain: string; url: string };

const languageNames: Record<Locale, string> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  ja: "日本語",
};

/** What every template and snippet sees, the product of a product page included. */
export function globalObjects(shop: ShopFacts, visit: Visit, translate: Translate, path: string) {
  return {
    shop: {
      name: "Paws & Paper",
      domain: shop.domain,
      permanent_domain: shop.domain,
      url: shop.url,
      currency: "USD",
      money_format: "${{amount}}",
      locale: "en",
    },
    request: {
      design_mode: visit.designMode,
      visual_preview_mode: false,
      host: shop.domain,
      origin: shop.url,
      path,
      page_type: path.startsWith("/products/") ? "product" : path.slice(1),
      locale: { iso_code: visit.locale, endonym_name: languageNames[visit.locale], primary: visit.locale === "en" },
    },
    localization: {
      language: { iso_code: visit.locale, endonym_name: languageNames[visit.locale] },
      available_languages: locales.map((code) => ({ iso_code: code, endonym_name: languageNames[code] })),
      country: { iso_code: "US", name: "United States", currency: { iso_code: "USD", symbol: "$" } },
      market: { id: 1, handle: "us" },
    },
    routes: {
      root_url: "/",
      cart_url: "/cart",
      cart_add_url: "/cart/add",
      cart_change_url: "/cart/change",
      cart_clear_url: "/cart/clear",
      cart_update_url: "/cart/update",
      account_url: "/account",
      account_login_url: "/account/login",
      account_logout_url: "/account/logout",
      all_products_collection_url: "/collections/all",
    },
    customer: visit.customerId === "" ? null : { id: Number(visit.customerId), first_name: null, tags: [] },
    cart: cartObject(visit, translate),
    theme: { id: 150_000_000_001, name: visit.theme, role: "main" },
    scheme: visit.scheme,
    globals_json: scriptGlobals(shop, visit),
  };
}

/** What page scripts find as `window.Shopify`; `designMode` is there in the theme editor only. */
function scriptGlobals(shop: ShopFacts, visit: Visit): string {
  const globals = {
    shop: shop.domain,
    locale: visit.locale,
    country: "US",
    currency: { active: "USD", rate: "1.0" },
    ...(visit.designMode && { designMode: true }),
    routes: { root: "/" },
    theme: { id: 150_000_000_001, name: visit.theme, role: "main", schema_name: visit.theme },
  };
  return JSON.stringify(globals).replaceAll("<", "\\u003c");
}

const titleOf = (translate: Translate) => (handle: string) => translate(`products.${handle}.title`);

function cartObject(visit: Visit, translate: Translate) {
  const json = cartJson(visit.cart, titleOf(translate));
  return { ...json, items: json.items.map(lineObject) };
}

/** Themes hide what begins with `_` and what is blank; the portrait's address stands in for the product's picture. */
function lineObject(line: LineJson) {
  const entries = Object.entries(line.properties);
  const portrait = line.properties._pet_portrait_url;
  return {
    ...line,
    visible_properties: entries.filter(([name, value]) => !name.startsWith("_") && value !== "" && value !== null),
    all_properties: entries,
    portrait: typeof portrait === "string" && /^https?:\/\//.test(portrait) ? portrait : null,
  };
}

/** `product`, with the variant that the address or the shopper has chosen. */
export function productObject(product: Product, translate: Translate, variantId?: number) {
  const selected =
    product.variants.find((variant) => variant.id === variantId) ??
    product.variants.find((variant) => variant.available) ??
    product.variants[0];
  if (!selected) throw new Error(`${product.handle} has no variants`);
  const images = product.pictures.map(({ file, altKey }) => imageObject(file, translate(altKey)));
  const variants = product.variants.map((variant) => variantObject(variant, product));
  return {
    id: product.id,
    title: translate(`products.${product.handle}.title`),
    description: translate(`products.${product.handle}.description_html`),
    handle: product.handle,
    type: product.type,
    vendor: "Paws & Paper",
    tags: product.tags,
    url: `/products/${product.handle}`,
    available: product.variants.some((variant) => variant.available),
    short_title: translate(`products.${product.handle}.short_title`),
    price: selected.price,
    price_min_text: `$${Math.min(...product.variants.map((variant) => variant.price)) / 100}`,
    price_min: Math.min(...product.variants.map((variant) => variant.price)),
    price_varies: true,
    has_only_default_variant: false,
    featured_image: images[0],
    featured_media: images[0],
    images,
    media: images,
    metafields: {},
    variants,
    selected_variant: variants.find((variant) => variant.id === variantId) ?? null,
    selected_or_first_available_variant: variants.find((variant) => variant.id === selected.id),
    first_available_variant: variants.find((variant) => variant.available),
    options: product.options.map((option) => translate(`options.${option.name}`)),
    options_with_values: optionObjects(product, selected, translate),
  };
}

const imageObject = (file: string, alt: string) => ({
  src: `/cdn/pictures/${file}`,
  alt,
  width: 1200,
  height: 1200,
  aspect_ratio: 1,
  media_type: "image",
});

const variantObject = (variant: Variant, product: Product) => ({
  ...variant,
  name: variant.title,
  option1: variant.options[0] ?? null,
  option2: variant.options[1] ?? null,
  option3: null,
  url: `/products/${product.handle}?variant=${variant.id}`,
  metafields: {},
});

function optionObjects(product: Product, selected: Variant, translate: Translate) {
  return product.options.map((option, index) => ({
    name: translate(`options.${option.name}`),
    position: index + 1,
    selected_value: selected.options[index],
    values: option.values.map((value) => {
      const options = selected.options.with(index, value);
      const variant = product.variants.find((candidate) => candidate.options.join() === options.join());
      return { name: value, selected: value === selected.options[index], available: variant?.available ?? false };
    }),
  }));
}

/** Every product, for the collection page and for what is shown beside a product. */
export const productObjects = (translate: Translate) => products.map((product) => productObject(product, translate));
