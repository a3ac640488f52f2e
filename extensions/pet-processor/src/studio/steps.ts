import { asMade, takeOutMade } from "../page/made.ts";
import { idsIn, make } from "../page/make.ts";
import type { Words } from "../page/words.ts";
import { belowMarkup } from "../result/below-markup.ts";
import { choosingStep } from "./step-choosing.ts";
import { frameLayers, momentStep, paintingStep } from "./step-painting.ts";
import { resultStep } from "./step-result.ts";
import { troubleStep } from "./step-trouble.ts";

/**
 * Puts every step after the first into the block. The page brings the first one alone, so that nobody waits for what only
 * those see who choose a photo; the room that these take below is kept by the stylesheet that came with the page.
 */
export function putSteps(element: HTMLElement, words: Words): void {
  takeOutMade(element);
  const place = (name: string) => element.querySelector(`[data-part="${name}"]`);
  const ids = idsIn(element);
  const picture = make("div", "picture", { "data-part": "picture" });
  const layers = frameLayers(words);
  const choosing = choosingStep(words, ids);
  const asks = (element.dataset["asks"] ?? "").split(" ");
  const steps = [paintingStep(words), momentStep(words), resultStep(words, { asks, ids }), troubleStep(words, ids)];
  const after = belowMarkup(words, ids);
  asMade([picture, ...layers, choosing, ...steps, after]);
  place("frame")?.prepend(picture);
  place("frame")?.append(...layers);
  place("stack")?.before(choosing);
  place("stack")?.append(...steps);
  place("stack")?.after(after);
}
