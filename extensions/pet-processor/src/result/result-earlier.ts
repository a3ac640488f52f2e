import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import type { ResultWords } from "./result-stage.ts";

/** More would be a gallery, and each is a picture to load. */
const most = 20;

/**
 * The portraits of the strip, newest first: what the server told, with the one on show where the list is older than it.
 * Empty where there is no other to choose.
 */
export function earlierPortraits(listed: readonly PortraitJson[], shown: PortraitJson | null): PortraitJson[] {
  const isNew = shown !== null && !listed.some(({ id }) => id === shown.id);
  const all = isNew ? [shown, ...listed] : [...listed];
  const ready = all.filter(({ status, image }) => status === "ready" && image);
  ready.sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  const strip = ready.slice(0, most);
  return strip.some(({ id }) => id !== shown?.id) ? strip : [];
}

/** "Modern, 24 November"; a further take is told apart by its number. */
export function earlierName(portrait: PortraitJson, styles: Record<string, string>, words: ResultWords): string {
  const style = styles[portrait.style] ?? portrait.style;
  const date = words.date(portrait.created_at);
  if (portrait.take === 1) return words.say("result_earlier_name", { style, date });
  return words.say("result_earlier_take", { style, date, number: words.number(portrait.take) });
}
