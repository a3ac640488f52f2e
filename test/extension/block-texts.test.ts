import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderAppBlock } from "../shopify/storefront/app-block.ts";

const extensionFolder = fileURLToPath(new URL("../../extensions/pet-processor/", import.meta.url));

async function blockWith(settings: Record<string, unknown>, locale = "en") {
  const globals = { product: { id: 111 }, routes: { cart_url: "/cart" }, request: { locale: { iso_code: locale } } };
  const { html } = await renderAppBlock({
    extensionFolder,
    locale,
    designMode: false,
    sectionId: "main",
    settings,
    globals,
  });
  const island = /<script type="application\/json">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "{}";
  return { html, words: JSON.parse(island) as Record<string, string> };
}

const texts = ["heading", "text_hint", "text_choose", "text_paint", "text_privacy"];
const said = { text_missing: "stopped_missing", text_result: "result_text" };

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
