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
    const used = [...markup.matchAll(/'((?:studio|script)\.\w+)' \| t/g)].map(([, key]) => key ?? "");
    expect([...new Set(used)].sort()).toEqual([...strings("en.default.json").keys()].sort());
  });

  it("reach the script under the names by which it asks for them", () => {
    const block = read("snippets/pet-words.liquid");
    const island = [...block.matchAll(/"(\w+)": \{\{ 'script\.(\w+)' \| t \| json \}\}/g)];
    expect(island.filter(([, name, key]) => name !== key)).toEqual([]);
    const sources = extensionSources().map(read).join("\n");
    const asked = [...sources.matchAll(/(?:say|maybe)\("(\w+)"/g)].map(([, name]) => name ?? "");
    const given = [...block.matchAll(/"(\w+)": \{\{/g)].map(([, name]) => name ?? "");
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !given.includes(name))).toEqual([]);
  });
});
