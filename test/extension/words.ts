import { readFileSync } from "node:fs";
import { createWords, type Sentences, type Words } from "../../extensions/pet-processor/src/page/words.ts";

/** What the widget says in a language, read from its locale file instead of from the module that is built of it. */
export function sentences(locale: string): Sentences {
  const file = new URL(
    `../../extensions/pet-processor/locales/${locale}${locale === "en" ? ".default" : ""}.json`,
    import.meta.url,
  );
  return (JSON.parse(readFileSync(file, "utf8")) as { script: Sentences }).script;
}

export function words(locale: string): Words {
  return createWords(sentences(locale), locale);
}
