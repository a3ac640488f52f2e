import type { StyleJson } from "../../../../app/http/storefront-api.ts";
import { input, make } from "../page/make.ts";
import type { Parts } from "./studio-parts.ts";

/** Draws the styles as radio cards; only when they have changed, so that focus stays. */
export function paintStyleCards(parts: Parts, styles: StyleJson[], chosen: string): void {
  const host = parts.get("styles");
  const drawn = styles.map(({ id, revision }) => `${id}@${revision}`).join(" ");
  if (styles.length > 0 && host.dataset["drawn"] !== drawn) {
    host.dataset["drawn"] = drawn;
    host.replaceChildren(...styles.map((style) => card(style, host.dataset["name"] ?? "")));
  }
  for (const radio of host.querySelectorAll("input")) radio.checked = radio.value === chosen;
}

/** @param name - what makes radios of one block one group */
function card({ id, name: text, description, sample_url }: StyleJson, name: string): Node {
  const picture = make("img", "", { alt: "", decoding: "async" });
  picture.addEventListener("error", () => picture.remove());
  picture.src = sample_url;
  return make(
    "label",
    "card",
    { title: description },
    input("unseen", { type: "radio", name, value: id }),
    make("span", "sample", {}, picture),
    make("span", "name", {}, text),
  );
}
