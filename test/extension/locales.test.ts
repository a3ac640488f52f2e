import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { extensionSources } from "./extension-sources.ts";

type Tree = { [key: string]: Tree | string };

const folder = new URL("../../extensions/pet-processor/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), "utf8");
const languages = ["de", "en.default", "es", "fr", "ja"];

function flat(tree: Tree, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}

/** The block and the snippets that it renders. */
const markup = ["blocks/", "snippets/"]
  .flatMap((name) => readdirSync(new URL(name, folder)).map((file) => read(`${name}${file}`)))
  .join("\n");
const strings = (file: string) => flat(JSON.parse(read(`locales/${file}`)) as Tree);
const placeholders = (value: string) => (value.match(/\{\w+\}|\{\{ \w+ \}\}/g) ?? []).sort();

describe("the locales", () => {
  it("are five languages, each for the shopper and for the merchant", () => {
    const expected = languages.flatMap((name) => [`${name}.json`, `${name}.schema.json`]);
    expect(readdirSync(new URL("locales/", folder)).sort()).toEqual(expected.sort());
  });

  for (const suffix of [".json", ".schema.json"]) {
    const english = strings(`en.default${suffix}`);
    it.each(languages)(`%s${suffix} has the same keys and placeholders as English, none empty`, (language) => {
      const own = strings(`${language}${suffix}`);
      expect([...own.keys()]).toEqual([...english.keys()]);
      for (const [key, value] of own) {
        expect(value.trim(), key).not.toBe("");
        expect(placeholders(value), key).toEqual(placeholders(english.get(key) ?? ""));
      }
    });
  }

  it.each(languages)("%s is calm: no exclamation marks, no straight quotes around words", (language) => {
    const loud = [...strings(`${language}.json`).values()].filter((value) => /[!！¡"]|\w'\w/.test(value));
    expect(loud).toEqual([]);
  });

  it("are used, every key of them, and nothing is used that they do not have", () => {
    const all = [...strings("en.default.json").keys()];
    const inMarkup = [...markup.matchAll(/'((?:studio|script)\.\w+)' \| t/g)].map(([, key]) => key ?? "");
    expect(inMarkup.filter((key) => !all.includes(key))).toEqual([]);
    expect(all.filter((key) => key.startsWith("studio.") && !inMarkup.includes(key))).toEqual([]);
    const asked = askedByScript();
    expect(asked.keys.length).toBeGreaterThan(5);
    expect(asked.keys.filter((key) => !all.includes(`script.${key}`) && !addresses.includes(key))).toEqual([]);
    const unused = all.filter((key) => key.startsWith("script.") && !asked.may(key.replace("script.", "")));
    expect(unused).toEqual([]);
  });
});

/** Said only in the theme editor, and written into its page. */
const addresses = ["sample_photo"];

/** Keys that are asked for by name, and whether a key may be asked for: by name anywhere, or as a template makes it. */
function askedByScript() {
  const sources = extensionSources().map(read).join("\n");
  const keys = [...sources.matchAll(/(?:say|maybe)\("(\w+)"/g)].map(([, key]) => key ?? "");
  const named = [...sources.matchAll(/"(\w+)"/g)].map(([, key]) => key ?? "");
  const templates = [...sources.matchAll(/(?:say|maybe)\(`([^`]+)`/g)].map(([, text]) => text ?? "");
  const counted = [...sources.matchAll(/count\("(\w+)"/g)].map(([, key]) => `${key}_(one|other)`);
  // A template of nothing but values would allow every key; it is the one that counts.
  const made = templates.map((text) => text.replace(/\$\{[^}]+\}/g, "\\w+")).filter((text) => /[a-z]{2}/.test(text));
  return {
    keys,
    may: (key: string) => named.includes(key) || [...made, ...counted].some((one) => new RegExp(`^${one}$`).test(key)),
  };
}
