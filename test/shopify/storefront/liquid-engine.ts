import { createHash, createHmac } from "node:crypto";
import { Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { plainText } from "../plain-text.ts";
import type { Translate } from "./translations.ts";

/**
 * Liquid as Shopify renders it, as far as a theme and an app block need: LiquidJS with Shopify's own filters and tags.
 * An unknown filter or tag fails the page, because on Shopify it would be missing too.
 */

export type LiquidEngineOptions = {
  /** Folders in which `{% render %}` finds its snippets. */
  roots: string[];
  translate: Translate;
  assetUrl: (file: string) => string;
};

export function createLiquidEngine({ roots, translate, assetUrl }: LiquidEngineOptions): Liquid {
  const engine = new Liquid({
    root: roots,
    partials: roots,
    extname: ".liquid",
    strictFilters: true,
    ownPropertyOnly: true,
    timezoneOffset: 0,
  });
  for (const name of ["schema", "doc"]) engine.registerTag(name, swallowingTag(name));
  const filters = { ...assetFilters(assetUrl), ...moneyFilters, ...textFilters, ...translationFilters(translate) };
  for (const [name, filter] of Object.entries(filters)) engine.registerFilter(name, filter);
  return engine;
}

/** A tag whose body is data for Shopify and nothing for the page. */
function swallowingTag(name: string) {
  return class extends Tag {
    constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
      super(token, rest, liquid);
      while (rest.length > 0) {
        const next = rest.shift() as TopLevelToken & { name?: string };
        if (next.name === `end${name}`) return;
      }
      throw new Error(`{% ${name} %} is never closed`);
    }
    override render() {}
  };
}

type NamedArgument = [string, unknown];
const isNamed = (value: unknown): value is NamedArgument => Array.isArray(value) && value.length === 2;
const named = (given: unknown[]) => Object.fromEntries(given.filter(isNamed)) as Record<string, unknown>;

const escaped = (value: unknown) => plainText(value).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

const attributes = (values: Record<string, unknown>) =>
  Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");

const assetFilters = (assetUrl: (file: string) => string) => ({
  asset_url: (file: string) => assetUrl(file),
  asset_img_url: (file: string) => assetUrl(file),
  stylesheet_tag: (href: string) => `<link rel="stylesheet" href="${escaped(href)}" media="all">`,
  script_tag: (src: string) => `<script src="${escaped(src)}"></script>`,
  image_url: (image: unknown, ...given: unknown[]) => imageUrl(image, named(given)),
  image_tag: (src: unknown, ...given: unknown[]) => `<img src="${escaped(src)}"${attributes(named(given))}>`,
  placeholder_svg_tag: (_name: string, className = "") =>
    `<svg class="${escaped(className)}" viewBox="0 0 1 1" aria-hidden="true"></svg>`,
});

/** Our pictures are drawings, so the width that is asked for stays a hint in the address. */
function imageUrl(image: unknown, { width, height }: Record<string, unknown>): string {
  const source = typeof image === "object" && image !== null && "src" in image ? image.src : image;
  const size = new URLSearchParams();
  if (width !== undefined) size.set("width", plainText(width));
  if (height !== undefined) size.set("height", plainText(height));
  return size.size > 0 ? `${String(source)}?${size}` : String(source);
}

const dollars = (cents: unknown) => (Number(cents ?? 0) / 100).toFixed(2);
const moneyFilters = {
  money: (cents: unknown) => `$${dollars(cents)}`,
  money_with_currency: (cents: unknown) => `$${dollars(cents)} USD`,
  money_without_currency: (cents: unknown) => dollars(cents),
  money_without_trailing_zeros: (cents: unknown) => `$${dollars(cents).replace(/\.00$/, "")}`,
};

const handle = (text: unknown) =>
  plainText(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");

const textFilters = {
  handle,
  handleize: handle,
  json: (value: unknown) => JSON.stringify(value ?? null).replace(/[<>&\u2028\u2029]/g, unicodeEscape),
  pluralize: (count: unknown, one: string, other: string) => (Number(count) === 1 ? one : other),
  link_to: (text: unknown, href: unknown) => `<a href="${escaped(href)}">${plainText(text)}</a>`,
  sha256: (text: unknown) => createHash("sha256").update(plainText(text)).digest("hex"),
  hmac_sha256: (text: unknown, secret: unknown) =>
    createHmac("sha256", plainText(secret)).update(plainText(text)).digest("hex"),
  color_to_rgb: (color: unknown) => plainText(color),
};

const unicodeEscape = (mark: string) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;

const translationFilters = (translate: Translate) => {
  const t = (key: unknown, ...given: unknown[]) => translate(plainText(key), named(given));
  return { t, translate: t };
};
