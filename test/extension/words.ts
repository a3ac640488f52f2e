import { readFileSync } from "node:fs";
import { readWords, type Words } from "../../extensions/pet-processor/src/page/words.ts";

/** The widget's words in a language, read from its locale file instead of from a rendered block. */
export function words(locale: string): Words {
  const file = new URL(
    `../../extensions/pet-processor/locales/${locale}${locale === "en" ? ".default" : ""}.json`,
    import.meta.url,
  );
  const { script } = JSON.parse(readFileSync(file, "utf8")) as { script: Record<string, string> };
  const island = { textContent: JSON.stringify(script) };
  return readWords({ querySelector: () => island } as unknown as Element, locale);
}
