import { button, make } from "../page/make.ts";
import type { Words } from "../page/words.ts";

/** What lies over the picture while something is under way, and what is not so good about a photo. */
export function frameLayers(words: Words): HTMLElement[] {
  const bar = { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 };
  return [
    make("p", "flaw", { "data-part": "flaw", hidden: true }),
    make("div", "waiting", { "data-in": "reading restoring keeping", hidden: true }),
    make(
      "div",
      "work",
      { "data-in": "working", hidden: true },
      make("p", "stage", { "data-part": "stage" }),
      make("div", "bar", { "data-part": "bar", "aria-label": words.say("progress"), ...bar }),
      make("p", "time", { "data-part": "time" }),
    ),
    make("span", "mark", { "data-part": "mark", hidden: true }, words.say("preview_mark")),
  ];
}

export const paintingStep = (words: Words) =>
  make(
    "div",
    "panel",
    { "data-in": "working", hidden: true },
    make("h4", "title", { "data-heading": true, tabindex: -1 }, words.say("working_title")),
    make("p", "text", {}, words.say("working_text")),
    make("div", "actions", {}, button("link", { "data-do": "cancel", "data-next": true }, words.say("cancel"))),
  );

export const momentStep = (words: Words) =>
  make(
    "div",
    "panel",
    { "data-in": "restoring keeping", hidden: true },
    make("h4", "title", { "data-heading": true, "data-next": true, tabindex: -1 }, words.say("one_moment")),
  );
