import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plainText } from "../plain-text.ts";

/** Locale files as Shopify reads them: `<locale>.json` first, then the one named `.default.json`, then a loud text. */

export type Translate = (key: string, values?: Record<string, unknown>) => string;

type Tree = { [key: string]: Tree | string };

/** `t` for one locale. Files are read anew each time, so that an edit is seen on the next page load. */
export function createTranslate(folder: string, locale: string): Translate {
  const files = readdirSync(folder);
  const own = files.find((file) => file === `${locale}.json` || file === `${locale}.default.json`);
  const fallback = files.find((file) => file.endsWith(".default.json"));
  const trees = [own, fallback].filter((file) => file !== undefined).map((file) => readTree(join(folder, file)));
  return (key, values = {}) => {
    for (const tree of trees) {
      const found = lookUp(tree, key, locale, values.count);
      if (found !== undefined) return interpolated(found, values);
    }
    return `Translation missing: ${locale}.${key}`;
  };
}

const readTree = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Tree;

function lookUp(tree: Tree, key: string, locale: string, count: unknown): string | undefined {
  let node: Tree | string | undefined = tree;
  for (const part of key.split(".")) node = typeof node === "object" ? node[part] : undefined;
  if (typeof node === "object" && count !== undefined) {
    const form = new Intl.PluralRules(locale).select(Number(count));
    node = node[form] ?? node.other;
  }
  return typeof node === "string" ? node : undefined;
}

const interpolated = (text: string, values: Record<string, unknown>) =>
  text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => (name in values ? plainText(values[name]) : whole));
