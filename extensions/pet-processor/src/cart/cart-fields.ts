import { fieldName, portraitIdKey, type CartProperty } from "./cart-properties.ts";
import { idOfForm } from "./product-form.ts";

export type CartFields = {
  /** Puts the properties into the form, in place of what was there before. */
  place(form: HTMLFormElement, properties: CartProperty[]): void;
  clear(): void;
  /** False once a re-render has thrown the fields, or the form that they belong to, away. */
  areIn(form: HTMLFormElement): boolean;
};

/**
 * The hidden inputs that carry a portrait. They live in our own element and belong to the theme's form through `form=`:
 * a theme that re-renders its form does not throw them away.
 */
export function createCartFields(host: HTMLElement): CartFields {
  let fields: HTMLInputElement[] = [];

  function clear(): void {
    for (const field of fields) field.remove();
    fields = [];
  }

  function place(form: HTMLFormElement, properties: CartProperty[]): void {
    clear();
    const formId = idOfForm(form);
    fields = properties.map(({ name, value }) => {
      const field = host.ownerDocument.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      field.setAttribute("form", formId);
      host.append(field);
      return field;
    });
    // Two forms with one id (a theme's copy in a quick-view): the browser takes the first, so go inside the right one.
    if (fields.some((field) => field.form !== form)) form.append(...fields.map(ownedByPlace));
  }

  const areIn = (form: HTMLFormElement) => fields.every((field) => field.isConnected && field.form === form);
  return Object.freeze({ place, clear, areIn });
}

/** Whether a portrait goes along with one of these forms, ours or one of another block. */
export function carriesPortrait(page: Document, isMeant: (form: HTMLFormElement) => boolean): boolean {
  const ids = page.querySelectorAll<HTMLInputElement>(`input[name="${fieldName(portraitIdKey)}"]`);
  return [...ids].some(({ form }) => form && isMeant(form));
}

function ownedByPlace(field: HTMLInputElement): HTMLInputElement {
  field.removeAttribute("form");
  return field;
}
