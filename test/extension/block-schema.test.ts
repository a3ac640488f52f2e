import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Rules that Shopify applies to an app block's schema and that theme-check does not look at. */
const folder = new URL("../../extensions/pet-processor/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), "utf8");
const block = read("blocks/pet-processor.liquid");
const schema = JSON.parse(/\{% schema %\}([\s\S]*)\{% endschema %\}/.exec(block)?.[1] ?? "null") as Schema;
const locales = readdirSync(new URL("locales/", folder)).filter((file) => file.endsWith(".schema.json"));

type Setting = {
  type: string;
  id?: string;
  label?: string;
  info?: string;
  content?: string;
  default?: unknown;
  autofill?: boolean;
  options?: { value: string; label: string }[];
};
type Schema = { name: string; target: string; settings: Setting[]; javascript: string; stylesheet: string };

const attributes =
  "name target javascript stylesheet enabled_on disabled_on class tag settings default available_if".split(" ");
const settingTypes =
  "article article_list blog checkbox collection collection_list color color_background color_palette color_scheme color_scheme_group font_picker header html image_picker inline_richtext link_list liquid metaobject metaobject_list number page paragraph product product_list radio range richtext select text text_alignment textarea url video video_url".split(
    " ",
  );
const settingKeys = "type id label info content default autofill options placeholder min max step unit limit".split(
  " ",
);

function translated(key: string, locale: string): unknown {
  const tree = JSON.parse(read(`locales/${locale}`)) as unknown;
  return key.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree);
}

/** A header sets no value: it has neither an id nor a label. */
const valued = schema.settings.filter(({ type }) => type !== "header");
const shown = [schema.name, ...schema.settings.flatMap(({ label, info, content }) => [label, info, content])].filter(
  (value): value is string => value !== undefined,
);
const keys = shown.filter((value) => value.startsWith("t:")).map((value) => value.slice(2));

describe("the block's schema", () => {
  it("is for a section and knows only what Shopify knows", () => {
    expect(schema.target).toBe("section");
    expect(Object.keys(schema).filter((key) => !attributes.includes(key))).toEqual([]);
    expect("enabled_on" in schema && "disabled_on" in schema).toBe(false);
  });

  it("names assets that are there", () => {
    const assets = readdirSync(new URL("assets/", folder));
    expect(assets).toEqual(expect.arrayContaining([schema.javascript, schema.stylesheet]));
    const named = [...block.matchAll(/'([\w-]+\.\w+)' \| asset_url/g)].map(([, name]) => name);
    expect(named.filter((name) => !assets.includes(name ?? ""))).toEqual([]);
  });

  it("has settings of known types and keys, with ids that are given once", () => {
    expect(schema.settings.filter(({ type }) => !settingTypes.includes(type))).toEqual([]);
    expect(
      schema.settings.flatMap((setting) => Object.keys(setting)).filter((key) => !settingKeys.includes(key)),
    ).toEqual([]);
    const ids = valued.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has defaults that the settings can have", () => {
    for (const { type, default: value, options, id } of schema.settings) {
      if (value === undefined) continue;
      if (type === "checkbox") expect(typeof value, id).toBe("boolean");
      if (type === "text") expect(typeof value === "string" && value !== "", id).toBe(true);
      if (type === "select")
        expect(
          options?.map((option) => option.value),
          id,
        ).toContain(value);
    }
  });

  it("fills in the product, and asks for every setting that it has", () => {
    expect(schema.settings.find(({ type }) => type === "product")).toMatchObject({ id: "product", autofill: true });
    const used = new Set([...block.matchAll(/block\.settings\.(\w+)/g)].map(([, id]) => id));
    expect([...used].sort()).toEqual(valued.map(({ id }) => id).sort());
  });

  it.each(locales)("has all its words in %s, with a name of fewer than 25 characters", (locale) => {
    expect(keys.filter((key) => typeof translated(key, locale) !== "string")).toEqual([]);
    const name = String(translated(schema.name.slice(2), locale));
    expect([...name].length).toBeLessThan(25);
    expect(name.toLowerCase()).not.toContain("pet portraits");
  });

  it("has no words of its own but the names of shapes", () => {
    expect(shown.filter((value) => !value.startsWith("t:"))).toEqual([]);
    const labels = schema.settings.flatMap(({ options }) => options ?? []).map(({ label }) => label);
    expect(labels.filter((label) => !/^\d : \d$/.test(label))).toEqual([]);
  });

  it("has a rule in the stylesheet for every shape that can be chosen", () => {
    const css = read("src/photo/frame.css");
    const values = schema.settings.find(({ id }) => id === "ratio")?.options?.map(({ value }) => value) ?? [];
    const missing = values.filter((value) => value !== "4/5" && !css.includes(`[data-ratio="${value}"]`));
    expect([values.length, missing]).toEqual([7, []]);
  });

  it("escapes every setting", () => {
    const written = [...block.matchAll(/assign (\w+) = .*\bblock\./g)].map(([, name]) => name ?? "");
    expect(written).toEqual(expect.arrayContaining(["heading", "ids", "sold", "choose", "paint"]));
    const outputs = [...block.matchAll(/\{\{-?(.*?)-?\}\}/g)].map(([, inside]) => inside ?? "");
    const theirs = new RegExp(`settings|\\b(${written.join("|")})\\b(?!')`);
    const bare = outputs.filter((inside) => theirs.test(inside.replace(/'[^']*'/g, "")) && !/escape/.test(inside));
    expect(bare).toEqual([]);
  });
});
