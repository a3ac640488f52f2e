import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createLiquidEngine } from "./liquid-engine.ts";
import { createTranslate } from "./translations.ts";

/**
 * The real app block of our theme app extension, rendered as Shopify renders it: settings from its schema's defaults,
 * its own snippets and locales, its stylesheet and script in the head of the page.
 */

export type AppBlock = {
  html: string;
  /** What Shopify puts into the head: one stylesheet link and one async script, named in the schema. */
  head: string;
};

export type AppBlockRequest = {
  extensionFolder: string;
  locale: string;
  designMode: boolean;
  /** What the merchant set in the theme editor, over the schema's defaults. */
  settings?: Record<string, unknown>;
  sectionId: string;
  /** Of the block; the merchant may put it on the page twice, and then each has its own. */
  id?: string;
  /** Objects that Liquid sees everywhere: product, request, shop, routes, localization, cart, customer. */
  globals: Record<string, unknown>;
};

type Schema = {
  name?: string;
  tag?: string;
  class?: string;
  stylesheet?: string;
  javascript?: string;
  settings?: { id?: string; type: string; default?: unknown; autofill?: boolean }[];
};

export const blockHandle = "pet-processor";
export const blockId = "pet_portraits_pet_processor_ZqWk3v";

/** Whether the extension has a block to show. */
export const hasAppBlock = (extensionFolder: string) => existsSync(blockFile(extensionFolder));

const blockFile = (folder: string) => join(folder, "blocks", `${blockHandle}.liquid`);

/** The address of a file of the extension; it changes with the file, as it does on Shopify's CDN. */
export function extensionAssetUrl(extensionFolder: string, file: string): string {
  const changed = statSync(join(extensionFolder, "assets", file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return `/extensions/${basename(extensionFolder)}/assets/${file}?v=${Math.floor(changed).toString(36)}`;
}

export async function renderAppBlock(asked: AppBlockRequest): Promise<AppBlock> {
  const source = readFileSync(blockFile(asked.extensionFolder), "utf8");
  const schema = readBlockSchema(source);
  const assetUrl = (file: string) => extensionAssetUrl(asked.extensionFolder, file);
  const engine = createLiquidEngine({
    roots: [join(asked.extensionFolder, "snippets")],
    translate: createTranslate(join(asked.extensionFolder, "locales"), asked.locale),
    assetUrl,
  });
  const scope = { block: blockObject(schema, asked) };
  const globals = { ...asked.globals, section: { id: asked.sectionId }, app: { metafields: {} } };
  const inner: string = await engine.parseAndRender(source, scope, { globals });
  return { html: wrapped(inner, schema, asked.id), head: headTags(schema, assetUrl) };
}

/** The JSON between `{% schema %}` and `{% endschema %}`. */
export function readBlockSchema(source: string): Schema {
  const [, json] = /\{%-?\s*schema\s*-?%\}([\s\S]*?)\{%-?\s*endschema\s*-?%\}/.exec(source) ?? [];
  if (json === undefined) throw new Error("The app block has no schema.");
  return JSON.parse(json) as Schema;
}

function blockObject(schema: Schema, { designMode, settings, globals, id: own = blockId }: AppBlockRequest) {
  const defaults = (schema.settings ?? []).flatMap(({ id, type, default: value, autofill }) => {
    if (id === undefined) return [];
    return [[id, type === "product" && autofill === true ? globals.product : (value ?? null)] as const];
  });
  const editorData = { id: own, type: `shopify://apps/pet-portraits/blocks/${blockHandle}/local` };
  return {
    id: own,
    type: editorData.type,
    settings: { ...Object.fromEntries(defaults), ...settings },
    shopify_attributes: designMode
      ? `data-shopify-editor-block="${JSON.stringify(editorData).replaceAll('"', "&quot;")}"`
      : "",
  };
}

function wrapped(inner: string, schema: Schema, id = blockId): string {
  const tag = schema.tag ?? "div";
  const classes = ["shopify-block", "shopify-app-block", schema.class].filter(Boolean).join(" ");
  return `<${tag} id="shopify-block-${id}" class="${classes}">${inner}</${tag}>`;
}

function headTags(schema: Schema, assetUrl: (file: string) => string): string {
  const style = schema.stylesheet && `<link rel="stylesheet" href="${assetUrl(schema.stylesheet)}" media="all">`;
  const script = schema.javascript && `<script src="${assetUrl(schema.javascript)}" async="async"></script>`;
  return [style, script].filter(Boolean).join("\n");
}
