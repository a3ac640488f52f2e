import { noteMaxLength } from "../cart/cart-properties.ts";
import { button, input, make } from "../page/make.ts";
import type { Words } from "../page/words.ts";

/** What the merchant's settings have the shopper asked for: `name`, `note`. */
type Asked = { asks: string[]; ids: string };

/** Pets in one picture, and so names, at most. */
const mostNames = 3;

/** What has become of the wish, the ways to another one, and what the shopper writes to the order. */
export function resultStep(words: Words, asked: Asked): HTMLElement {
  return make(
    "div",
    "panel",
    { "data-in": "result pending added", hidden: true },
    make("h4", "title", { "data-heading": true, tabindex: -1, "data-part": "done-title" }, "\u00a0"),
    make("p", "text", { "data-part": "done-text" }, "\u00a0"),
    make("p", "text", { "data-part": "background-note", hidden: true }, words.say("background_kept")),
    others(words),
    again(words),
    make("p", "left", { "data-part": "left-done", hidden: true }),
    ...orderWords(words, asked),
  );
}

const others = (words: Words) =>
  make(
    "div",
    "actions",
    { "data-in": "result pending" },
    button("link", { "data-do": "take", "data-part": "take" }, words.say("another_take")),
    button("link", { "data-do": "style", "data-part": "style" }, words.say("another_style")),
    button("link", { "data-do": "choose" }, words.say("another_photo")),
  );

const again = (words: Words) =>
  make(
    "div",
    "actions",
    { "data-in": "added", hidden: true },
    button("link", { "data-do": "again", "data-next": true }, words.say("use_again")),
    button("link", { "data-do": "choose" }, words.say("another_photo")),
  );

function orderWords(words: Words, { asks, ids }: Asked): HTMLElement[] {
  const names = asks.includes("name") ? Array.from({ length: mostNames }, () => nameField(words)) : [];
  const note = asks.includes("note") ? noteField(words, `${ids}-note`) : [];
  if (names.length + note.length === 0) return [];
  const summary = make("summary", "", {}, words.say(note.length > 0 ? "words" : "pet_name"));
  const fields = make("div", "fields", {}, ...names, ...note);
  return [make("details", "more", { "data-in": "result pending" }, summary, fields)];
}

const nameField = (words: Words) =>
  make(
    "label",
    "field",
    { hidden: true },
    make("span", "", {}, words.say("pet_name")),
    input("", { type: "text", "data-part": "pet-name", maxlength: 40, autocomplete: "off" }),
  );

const noteField = (words: Words, id: string) => [
  make(
    "label",
    "field",
    {},
    make("span", "", {}, words.say("note")),
    make("textarea", "", { "data-part": "note", rows: 3, maxlength: noteMaxLength, form: "", "aria-describedby": id }),
  ),
  make("p", "left", { "data-part": "note-left", id }),
];
