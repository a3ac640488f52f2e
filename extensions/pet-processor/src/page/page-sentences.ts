import type { Sentences } from "./words.ts";

/**
 * What the block says itself, in the page: the sentences of the time before the studio is there, and the merchant's own.
 * All others come with the studio, so that no page carries them for those who only look.
 */
export function pageSentences(element: Element): Sentences {
  const island = element.querySelector('script[type="application/json"]')?.textContent ?? "{}";
  return JSON.parse(island) as Sentences;
}
