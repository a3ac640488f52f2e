import { existsSync } from "node:fs";
import { join } from "node:path";
import { blockId, hasAppBlock, renderAppBlock, type AppBlock } from "./app-block.ts";
import { productByHandle } from "./catalogue.ts";
import { createLiquidEngine } from "./liquid-engine.ts";
import { globalObjects, productObject, productObjects, type ShopFacts } from "./liquid-objects.ts";
import { createTranslate, type Translate } from "./translations.ts";
import type { Visit } from "./visit.ts";

/**
 * Storefront pages: a template of the theme in the theme's layout, with our app block where a merchant would put it.
 * Sections can be asked for alone, because that is how themes refresh a part of a page.
 */

export type Storefront = {
  extensionFolder: string;
  themesFolder: string;
  shop: ShopFacts;
  /** Whether the merchant has put the block into the theme. */
  isBlockActive: () => boolean;
};

export const mainSectionId = "template--18000000000001__main";
const appsSectionId = "template--18000000000001__apps";
const featuredSectionId = "template--18000000000001__featured";

type ProductPage = { handle: string; variantId?: number | undefined; path: string };

/** The whole product page, or undefined for a product that the shop does not have. */
export async function productPage(storefront: Storefront, visit: Visit, page: ProductPage) {
  const parts = await productParts(storefront, visit, page);
  if (!parts) return undefined;
  const { render, scope, block } = parts;
  const content = await render("product", scope);
  return render("layout", {
    content_for_layout: content,
    content_for_header: block.head,
    page_title: scope.product.title,
  });
}

/** The main section of the product page alone, wrapped as Shopify's Section Rendering API wraps it. */
export async function productSection(storefront: Storefront, visit: Visit, page: ProductPage) {
  const parts = await productParts(storefront, visit, page);
  return parts && parts.render("product", { ...parts.scope, section_only: true });
}

async function productParts(storefront: Storefront, visit: Visit, { handle, variantId, path }: ProductPage) {
  const product = productByHandle(handle);
  if (!product) return undefined;
  const translate = themeTranslate(storefront, visit);
  const globals = {
    ...globalObjects(storefront.shop, visit, translate, path),
    product: productObject(product, translate, variantId),
  };
  const others = productObjects(translate).filter((other) => other.handle !== handle);
  const { placement } = visit;
  const block = await appBlock(storefront, visit, {
    globals,
    sectionId: placement === "apps" ? appsSectionId : mainSectionId,
  });
  const scope = {
    product: globals.product,
    section: { id: mainSectionId },
    apps_section_id: appsSectionId,
    featured_section_id: featuredSectionId,
    app_block: placement === "apps" ? "" : block.html,
    apps_block: placement === "apps" ? block.html : "",
    featured_block: "",
    others,
    siblings: productObjects(translate),
  };
  const again = (sectionId: string, settings = {}) =>
    appBlock(storefront, visit, { globals, sectionId, settings, id: `${blockId}_again` });
  if (placement === "twice") scope.apps_block = (await again(appsSectionId)).html;
  if (placement === "featured") scope.featured_block = (await again(featuredSectionId, { product: others[0] })).html;
  return { render: renderer(storefront, visit, globals, translate), scope, block };
}

async function appBlock(
  { extensionFolder, isBlockActive }: Storefront,
  visit: Visit,
  place: { globals: Record<string, unknown>; sectionId: string; settings?: Record<string, unknown>; id?: string },
): Promise<AppBlock> {
  if (!isBlockActive() || visit.placement === "none") return { html: "", head: "" };
  if (!hasAppBlock(extensionFolder)) return { html: "<p>The app block has not been built.</p>", head: "" };
  const { locale, designMode, blockSettings } = visit;
  const settings = { ...blockSettings, ...place.settings };
  return renderAppBlock({ ...place, extensionFolder, locale, designMode, settings });
}

/** A page that needs nothing but the shop and the cart: `cart`, `checkout`, `collection`, `ordered`. */
export async function plainPage(storefront: Storefront, visit: Visit, template: string, more: PlainPageScope) {
  const translate = themeTranslate(storefront, visit);
  const globals = globalObjects(storefront.shop, visit, translate, `/${template}`);
  const render = renderer(storefront, visit, globals, translate);
  const content = await render(template, { siblings: productObjects(translate), ...more });
  return render("layout", { content_for_layout: content, content_for_header: "", page_title: more.page_title });
}

type PlainPageScope = { page_title: string } & Record<string, unknown>;

/** The small sections that a theme asks for together with a change of the cart, by name; unknown names are null. */
export async function bundledSections(storefront: Storefront, visit: Visit, names: string[], more: object) {
  const translate = themeTranslate(storefront, visit);
  const globals = globalObjects(storefront.shop, visit, translate, "/cart");
  const render = renderer(storefront, visit, globals, translate);
  const html = names.slice(0, 5).map(async (name) => {
    const file = join(storefront.themesFolder, visit.theme, "sections", `${name}.liquid`);
    const isKnown = /^[a-z-]+$/.test(name) && existsSync(file);
    const inner = isKnown ? await render(`sections/${name}`, { ...more }) : null;
    return [name, inner === null ? null : `<div id="shopify-section-${name}" class="shopify-section">${inner}</div>`];
  });
  return Object.fromEntries(await Promise.all(html)) as Record<string, string | null>;
}

export const themeTranslate = (storefront: Storefront, visit: Visit): Translate =>
  createTranslate(join(storefront.themesFolder, "locales"), visit.locale);

function renderer(storefront: Storefront, visit: Visit, globals: object, translate: Translate) {
  const roots = [visit.theme, "common"].map((folder) => join(storefront.themesFolder, folder));
  const engine = createLiquidEngine({ roots, translate, assetUrl: (file) => `/cdn/themes/${file}` });
  return async (template: string, scope: object): Promise<string> =>
    (await engine.renderFile(template, scope, { globals })) as string;
}
