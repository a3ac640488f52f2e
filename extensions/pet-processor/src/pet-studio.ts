import { browserSurroundings } from "./page/surroundings.ts";
import { createWords } from "./page/words.ts";
import { languageOf, settingsOf } from "./studio/block-settings.ts";
import type { Studio, StudioPlace } from "./studio/studio-host.ts";
import { createStudio, type LastingStudio } from "./studio/studio.ts";

/** The second script. One studio for a block and its product, however often the theme makes a new element for it. */
const studios = new Map<string, LastingStudio>();

export function openStudio(place: StudioPlace): Studio {
  const { element, sentences } = place;
  const host = { ...place, settings: settingsOf(element), words: createWords(sentences, languageOf(element)) };
  const key = `${host.settings.blockId} ${host.settings.productId}`;
  const open = studios.get(key);
  if (open) {
    open.moveInto(host);
    return open;
  }
  const studio = createStudio(host, browserSurroundings);
  studios.set(key, studio);
  return studio;
}
