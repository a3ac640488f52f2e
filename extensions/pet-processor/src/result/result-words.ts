import type { Words } from "../page/words.ts";
import type { ResultWords } from "./result-stage.ts";

/** The widget's words, with what only the result has to say. Here and not in the first script, which every page pays for. */
export function resultWords(words: Words, language: string): ResultWords {
  const plural = new Intl.PluralRules(language);
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });
  const share = new Intl.NumberFormat(language, { style: "percent" });
  return Object.freeze({
    ...words,
    date: (iso: string) => day.format(new Date(iso)),
    percent: (whole: number) => share.format(whole / 100),
    count(key: string, number: number) {
      const form = plural.select(number) === "one" ? "one" : "other";
      return words.say(`${key}_${form}`, { number: words.number(number) });
    },
  });
}
