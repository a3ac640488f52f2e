import { button, icon, input, make } from "../page/make.ts";
import type { Words } from "../page/words.ts";

/** The tools in their order, as line art: the glass less and more, a turn, all of it, a step back. */
const tools: [command: string, art: string][] = [
  ["out", "M17 10.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0Zm-1.5 5 5 5m-13-10h6"],
  ["in", "M17 10.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0Zm-1.5 5 5 5m-13-10h6m-3-3v6"],
  ["turn", "M20 12a8 8 0 1 1-2.6-5.9L20 8.5m0-5v5h-5"],
  ["whole", "M3.5 8.5v-5h5m7 0h5v5m0 7v5h-5m-7 0h-5v-5M8 9.5h8v5H8z"],
  ["undo", "M8.5 4.5 4 9l4.5 4.5M4.5 9h10a5.5 5.5 0 0 1 0 11H9"],
];

/**
 * The stage on which the photo is moved, zoomed and turned, and its tools: to lie in the frame, above the picture.
 *
 * @param ids - what the ids of the block start with
 */
export function cropMarkup(words: Words, ids: string): HTMLElement[] {
  const keys = `${ids}-crop-keys`;
  const label = (key: string) => ({ "aria-label": words.say(`crop_${key}`) });
  const tool = ([command, art]: (typeof tools)[number]) => {
    const name = label(command);
    return button("tool", { "data-crop": command, title: name["aria-label"], ...name }, icon(art));
  };
  const slider = (axis: string, key: string) =>
    input("unseen", { type: "range", step: 5, tabindex: -1, dir: "ltr", "data-axis": axis, ...label(key) });
  return [
    make("div", "crop", {
      ...{ "data-part": "crop", role: "group", tabindex: 0, "aria-describedby": keys, hidden: true },
      ...label("stage"),
    }),
    make(
      "div",
      "tools",
      { "data-part": "crop-tools", role: "group", hidden: true, ...label("tools") },
      ...tools.map(tool),
      slider("x", "across"),
      slider("y", "down"),
    ),
    make("p", "", { id: keys, hidden: true }, words.say("crop_keys")),
    make("p", "unseen", { "data-part": "crop-live", role: "status", "aria-live": "polite" }),
  ];
}
