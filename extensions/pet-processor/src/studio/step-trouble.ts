import { button, mainButton, make } from "../page/make.ts";
import type { Words } from "../page/words.ts";

/** What went wrong, in a sentence, and every way on. */
export function troubleStep(words: Words, ids: string): HTMLElement {
  const text = `${ids}-trouble`;
  const retry = { "data-do": "retry", "data-part": "trouble-retry", "data-next": true, "aria-describedby": text };
  const way = (deed: string, key: string, part: string) =>
    button("link", { "data-do": deed, "data-part": part, hidden: true }, words.say(key));
  return make(
    "div",
    "panel",
    { "data-in": "trouble", hidden: true },
    make("h4", "title", { "data-heading": true, tabindex: -1 }, words.say("trouble_title")),
    make("p", "text", { "data-part": "trouble", id: text }),
    make(
      "div",
      "actions",
      {},
      mainButton(retry, words.say("try_again")),
      way("shown", "keep_portrait", "trouble-shown"),
      way("style", "another_style", "trouble-style"),
      button("link", { "data-do": "choose", "data-next": true }, words.say("another_photo")),
      way("after", "order_after", "trouble-after"),
    ),
  );
}
