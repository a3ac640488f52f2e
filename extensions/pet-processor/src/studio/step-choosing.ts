import { button, icon, input, mainButton, make } from "../page/make.ts";
import type { Words } from "../page/words.ts";

/** The pets, the styles, and the button that costs; or why it may not be pressed, and the way on. */
export function choosingStep(words: Words, ids: string): HTMLElement {
  const title = { "data-heading": true, tabindex: -1, id: `${ids}-styles` };
  return make(
    "div",
    "panel",
    { "data-in": "reading choosing blocked", hidden: true },
    pets(words),
    make("h4", "title", title, words.say("choose_style")),
    styles(ids),
    go(words),
    goAfter(words),
    make(
      "div",
      "actions",
      {},
      button("link", { "data-do": "choose" }, words.say("another_photo")),
      button("link", { "data-do": "shown", "data-part": "shown", hidden: true }, words.say("keep_portrait")),
    ),
  );
}

const pets = (words: Words) =>
  make(
    "div",
    "pets",
    { "data-part": "pet-row", role: "group", "aria-label": words.say("pets") },
    make("span", "thumbs", { "data-part": "pets" }),
    make(
      "label",
      "add",
      { "data-part": "add-pet" },
      icon("M12 5v14M5 12h14", 20),
      make("span", "", {}, words.say("add_pet")),
      input("unseen", { type: "file", accept: "image/jpeg,image/png,image/webp", "data-beside": true }),
    ),
  );

/** Two empty cards keep the place until the shop has said which styles it has. */
const styles = (ids: string) =>
  make(
    "div",
    "styles",
    { "data-part": "styles", "data-name": `${ids}-style`, role: "radiogroup", "aria-labelledby": `${ids}-styles` },
    emptyCard(),
    emptyCard(),
  );

const emptyCard = () => make("span", "card", {}, make("span", "sample"), make("span", "name", {}, "\u00a0"));

const go = (words: Words) =>
  make(
    "div",
    "go",
    { "data-in": "reading choosing" },
    mainButton({ "data-do": "paint", "data-part": "paint", "data-next": true }, words.say("paint")),
    make("p", "left", { "data-part": "left", hidden: true }),
  );

const goAfter = (words: Words) =>
  make(
    "div",
    "go",
    { "data-in": "blocked", hidden: true },
    make("p", "text", { "data-part": "blocked" }),
    mainButton({ "data-do": "after", "data-next": true }, words.say("order_after")),
    make("p", "left", {}, words.say("order_after_text")),
  );
