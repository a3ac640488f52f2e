/** `true` is an attribute without a value, `false` none at all. */
export type Attributes = Record<string, string | number | boolean>;

/**
 * An element of the studio, with our own classes (`"link forget"`) and its content. The later steps are made by this and
 * not parsed from markup: no policy of a page can forbid it, and a text that gets into it stays a text.
 */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  classes: string,
  attributes: Attributes = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  return dress(document.createElement(name), classes, attributes, content);
}

/** The same for an SVG. */
export function makeSvg(
  name: "svg" | "path" | "image",
  classes: string,
  attributes: Attributes = {},
  ...content: Node[]
): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  return dress(made, classes, attributes, content);
}

/** Line art in a square of 24, without words and in the text's colour; `size` as it is shown, in pixels. */
export function icon(d: string, size = 24): SVGElement {
  const box = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", focusable: "false" };
  return makeSvg("svg", "", box, makeSvg("path", "", { d }));
}

export function button(classes: string, attributes: Attributes, ...content: (Node | string)[]): HTMLButtonElement {
  return make("button", classes, { type: "button", ...attributes }, ...content);
}

/** A button in the theme's own dress, where it has one. */
export function mainButton(attributes: Attributes, text: string): HTMLButtonElement {
  const made = button("button", attributes, text);
  made.classList.add("button", "button--primary");
  return made;
}

/** A field of ours must not go along with the product form, which may lie around it. */
export function input(classes: string, attributes: Attributes): HTMLInputElement {
  return make("input", classes, { form: "", ...attributes });
}

function dress<Made extends Element>(
  made: Made,
  classes: string,
  attributes: Attributes,
  content: (Node | string)[],
): Made {
  for (const one of classes.split(" ").filter(Boolean)) made.classList.add(`pet-processor__${one}`);
  setAll(made, attributes);
  made.append(...content);
  return made;
}

export function setAll(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** What the ids of a block start with, in its Liquid too. */
export const idsIn = (element: HTMLElement) => `pet-processor-${element.dataset["blockId"] ?? ""}`;
