import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { WordsModule } from "../../extensions/pet-processor/src/page/words.ts";
import { renderAppBlock } from "../shopify/storefront/app-block.ts";
import { sentences } from "./words.ts";

const extensionFolder = fileURLToPath(new URL("../../extensions/pet-processor/", import.meta.url));

async function blockWith(settings: Record<string, unknown>, locale = "en", designMode = false) {
  const request = { design_mode: designMode, locale: { iso_code: locale } };
  const globals = { product: { id: 111 }, routes: { cart_url: "/cart" }, request };
  const { html } = await renderAppBlock({
    extensionFolder,
    locale,
    designMode,
    sectionId: "main",
    settings,
    globals,
  });
  const island = /<script type="application\/json">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "{}";
  return { html, words: JSON.parse(island) as Record<string, string> };
}

/** The file behind the address that the block gives for its words. */
function assetOf(html: string): string {
  const [, name = ""] = /data-words="[^"]*\/(assets\/[^"?]*)/.exec(html) ?? [];
  return `${extensionFolder}${name}`;
}

const texts = ["heading", "text_hint", "text_choose", "text_paint", "text_privacy"];
const said = { text_missing: "stopped_missing", text_result: "result_text" };

describe("what the page says before the studio is there", () => {
  it.each(["en", "de", "fr", "es", "ja"])(
    "is three sentences, and names the module of all others (%s)",
    async (locale) => {
      const { html, words } = await blockWith({}, locale);
      const own = sentences(locale);
      const { stopped_missing, stopped_restoring, error_network } = own;
      expect(words).toEqual({ stopped_missing, stopped_restoring, error_network });
      const { default: all } = (await import(assetOf(html))) as WordsModule;
      expect(all).toEqual(own);
    },
  );

  it.each([
    ["de-AT", "de"],
    ["pt-BR", "en"],
    ["e", "en"],
    ["", "en"],
  ])("takes the words of a shop in %s from %s", async (locale, language) => {
    expect(assetOf((await blockWith({}, locale)).html)).toMatch(new RegExp(`/pet-words-${language}.js$`));
  });

  it("carries the addresses of the samples into the theme editor only", async () => {
    const samples = ["sample_ink_wash", "sample_pen_and_marker", "sample_photo"];
    const { words } = await blockWith({}, "en", true);
    expect(Object.keys(words)).toEqual(expect.arrayContaining(samples));
    expect(Object.keys((await blockWith({})).words)).not.toEqual(expect.arrayContaining(["sample_photo"]));
  });
});

describe("a merchant's own texts", () => {
  it.each([...texts, ...Object.keys(said)])(
    "%s stands where ours would stand, and ours where it is empty",
    async (id) => {
      const ours = await blockWith({});
      for (const empty of ["", "  ", null]) expect(await blockWith({ [id]: empty })).toEqual(ours);
      const theirs = await blockWith({ [id]: " Woof of Fame " });
      expect(ours.html).not.toContain("Woof of Fame");
      expect(theirs.html).toMatch(/[>"]Woof of Fame[<"]/);
    },
  );

  it.each(Object.entries(said))("%s is what the script says as %s", async (id, key) => {
    const { words } = await blockWith({ [id]: "Show us your pet" });
    expect(words[key]).toBe("Show us your pet");
  });

  it.each(["en", "de", "fr", "es", "ja"])(
    "the sentence on when a photo is sent names the merchant's button (%s)",
    async (locale) => {
      const { html } = await blockWith({ text_paint: "Go & see" }, locale);
      const summary = /<summary>([^<]*Go &amp; see[^<]*)</.exec(html)?.[1] ?? "";
      expect(summary).not.toBe("");
      expect(summary).not.toMatch(/[{}]/);
    },
  );

  it("are text, whatever is in them", async () => {
    const hostile = `</script><img src=x onerror="boom()">'{{ shop }}`;
    const all = [...texts, ...Object.keys(said)];
    const { html, words } = await blockWith(Object.fromEntries(all.map((id) => [id, hostile])));
    expect(html).not.toContain("<img src=x");
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(words["result_text"]).toBe(hostile);
  });
});
