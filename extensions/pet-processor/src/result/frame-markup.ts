import { button, icon, input, make, makeSvg } from "../page/make.ts";
import type { Words } from "../page/words.ts";

/**
 * What can be done with the portrait inside the frame: on the merchant's product, compared with the photo, from near. All
 * of it lies over the picture, so that nothing here changes the frame's size.
 */
export function frameMarkup(words: Words): Element[] {
  return [mockup(), compare(words), nearer(words), told(), zoom(words)];
}

const mockup = () =>
  makeSvg(
    "svg",
    "mockup",
    { "data-part": "mockup", role: "img", focusable: "false", hidden: true },
    makeSvg("image", "", { preserveAspectRatio: "none" }),
    makeSvg("image", "print", { preserveAspectRatio: "none" }),
  );

const compare = (words: Words) =>
  make(
    "div",
    "compare",
    { "data-part": "compare", hidden: true },
    make("div", "before", { "data-part": "compare-photo" }),
    input("slider", {
      ...{ "data-part": "compare-slider", type: "range", value: 0, autocomplete: "off" },
      "aria-label": words.say("result_compare"),
    }),
    make("span", "divider", { "aria-hidden": "true" }),
    make(
      "span",
      "handle",
      { "aria-hidden": "true" },
      icon("m9 6-6 6 6 6m6-12 6 6-6 6"),
      make("span", "", {}, words.say("result_compare_hint")),
    ),
  );

const nearer = (words: Words) => round(words, "zoom-open", "result_zoom", { classes: " nearer", hidden: true });

const told = () => make("p", "told", { "data-part": "result-said", hidden: true });

const zoom = (words: Words) =>
  make(
    "dialog",
    "zoom",
    { "data-part": "zoom", "aria-label": words.say("result_zoom_title") },
    make("div", "near", { "data-part": "zoom-stage" }),
    make(
      "div",
      "near-bar",
      {},
      round(words, "zoom-out", "result_zoom_out"),
      make("output", "level", { "data-part": "zoom-level" }),
      round(words, "zoom-in", "result_zoom_in"),
      round(words, "zoom-close", "result_zoom_close"),
    ),
  );

const art: Record<string, string> = {
  "zoom-open": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM20 20l-4.7-4.7M10.5 8v5M8 10.5h5",
  "zoom-out": "M6 12h12",
  "zoom-in": "M6 12h12M12 6v12",
  "zoom-close": "m6 6 12 12M18 6 6 18",
};

function round(words: Words, part: string, key: string, { classes = "", hidden = false } = {}): HTMLElement {
  const attributes = { "data-part": part, "aria-label": words.say(key), hidden };
  return button(`round${classes}`, attributes, icon(art[part] ?? ""));
}
