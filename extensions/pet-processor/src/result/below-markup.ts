import { button, input, make } from "../page/make.ts";
import type { Words } from "../page/words.ts";

/**
 * What can be done with the portrait below the frame, the shopper's earlier portraits, and "delete my photos". Hidden, it
 * keeps its room (see steps.css), so that the product form does not move when a portrait arrives.
 *
 * @param ids - what the ids of the block start with
 */
export function belowMarkup(words: Words, ids: string): HTMLElement {
  return make(
    "div",
    "after",
    { "data-part": "result", hidden: true },
    deeds(words),
    address(words),
    foot(words, ids),
    strip(ids),
  );
}

/** A part that is called as what it says. */
const link = (words: Words, key: string, attributes = {}) =>
  button("link", { "data-part": key.replaceAll("_", "-"), ...attributes }, words.say(key));

const deeds = (words: Words) =>
  make(
    "div",
    "actions deeds",
    { "data-part": "result-actions", hidden: true },
    link(words, "result_on_product", { "aria-pressed": "false", hidden: true }),
    link(words, "result_save"),
    link(words, "result_share", { hidden: true }),
    link(words, "result_copy"),
  );

const address = (words: Words) =>
  make(
    "label",
    "field",
    { "data-part": "result-address", hidden: true },
    make("span", "", {}, words.say("result_address")),
    input("", { type: "text", readonly: true, autocomplete: "off" }),
  );

function foot(words: Words, ids: string): HTMLElement {
  const strip = { id: `${ids}-earlier`, "aria-expanded": "false", "aria-controls": `${ids}-strip`, hidden: true };
  const forget = link(words, "result_forget");
  forget.classList.add("pet-processor__forget");
  return make(
    "div",
    "foot",
    {},
    link(words, "result_earlier", strip),
    forget,
    question(words, ids),
    make("p", "receipt", { "data-part": "result-forget-said", tabindex: -1, hidden: true }),
  );
}

const question = (words: Words, ids: string) =>
  make(
    "div",
    "question",
    {
      ...{ "data-part": "result-forget-question", role: "group", hidden: true },
      "aria-labelledby": `${ids}-forget`,
    },
    make("p", "", { id: `${ids}-forget` }, words.say("result_forget_ask")),
    make("div", "actions", {}, link(words, "result_forget_yes"), link(words, "result_forget_no")),
  );

const strip = (ids: string) =>
  make(
    "div",
    "strip",
    { "data-part": "result-strip", id: `${ids}-strip`, hidden: true },
    make("ul", "row", { "data-part": "result-strip-row", role: "list", "aria-labelledby": `${ids}-earlier` }),
  );
