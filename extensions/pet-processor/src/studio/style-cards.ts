import type { StyleJson } from "../../../../app/http/storefront-api.ts";
import type { Parts } from "./studio-parts.ts";

/** Draws the styles as radio cards from the block's `<template>`; only when they have changed, so that focus stays. */
export function paintStyleCards(parts: Parts, styles: StyleJson[], chosen: string): void {
  const host = parts.get("styles");
  const drawn = styles.map(({ id, revision }) => `${id}@${revision}`).join(" ");
  if (styles.length > 0 && host.dataset["drawn"] !== drawn) {
    host.dataset["drawn"] = drawn;
    host.replaceChildren(...styles.map((style) => card(parts, style)));
  }
  for (const radio of host.querySelectorAll("input")) radio.checked = radio.value === chosen;
}

function card(parts: Parts, style: StyleJson): Node {
  const template = parts.get("style-card") as HTMLTemplateElement;
  const card = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  const radio = card.querySelector("input") as HTMLInputElement;
  radio.value = style.id;
  const name = card.querySelector('[data-slot="name"]') as HTMLElement;
  name.textContent = style.name;
  card.title = style.description;
  const picture = card.querySelector('[data-slot="picture"]') as HTMLElement;
  const image = picture.ownerDocument.createElement("img");
  image.alt = "";
  image.decoding = "async";
  image.addEventListener("error", () => image.remove());
  image.src = style.sample_url;
  picture.append(image);
  return card;
}
