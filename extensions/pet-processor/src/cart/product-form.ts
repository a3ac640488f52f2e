/**
 * Finding the theme's product form. A block is usually outside of it, and a page may hold others: quick-add forms of
 * recommended products, sticky bars. A form that says it sells another product is never ours.
 */
const addForms = 'form[data-type="add-to-cart-form"], form[action*="/cart/add"]';

/** The form around the element, else one in its section, else one in the document; null where there is none. */
export function findProductForm(element: Element, productId: string): HTMLFormElement | null {
  const around = element.closest("form");
  if (around?.matches(addForms) && !sellsAnother(around, productId)) return around;
  const section = element.closest(".shopify-section, [id^='shopify-section']");
  return (section && firstOf(section, productId)) ?? firstOf(element.ownerDocument, productId);
}

/** True for the form itself and for another add-to-cart form of the same product, as in a sticky bar. */
export function sellsThis(form: HTMLFormElement, ours: HTMLFormElement | null, productId: string): boolean {
  if (form === ours) return true;
  return form.matches(addForms) && productId !== "" && saidProduct(form) === productId;
}

/** The form that a click on this target would send, when it is a button that adds to the cart or buys at once. */
export function formOfButton(target: EventTarget | null): HTMLFormElement | null {
  if (!(target instanceof Element)) return null;
  // The buttons of dynamic checkout are no submit buttons; they read the form around them.
  const express = target.closest(
    ".shopify-payment-button, shopify-accelerated-checkout, [data-shopify='payment-button']",
  );
  if (express) return express.closest("form");
  const button = target.closest("button, input");
  if (!(button instanceof HTMLButtonElement || button instanceof HTMLInputElement)) return null;
  const adds = button.type === "submit" || button.type === "image" || button.name === "add";
  return adds ? button.form : null;
}

/** A product form has a control named `id`, which hides the form's own `id` property: only the attribute is safe. */
export function idOfForm(form: HTMLFormElement): string {
  const given = form.getAttribute("id");
  if (given) return given;
  let number = 1;
  while (form.ownerDocument.getElementById(`pet-processor-form-${number}`)) number += 1;
  form.setAttribute("id", `pet-processor-form-${number}`);
  return `pet-processor-form-${number}`;
}

function firstOf(root: ParentNode, productId: string): HTMLFormElement | null {
  const forms = [...root.querySelectorAll<HTMLFormElement>(addForms)];
  return (
    forms.find((form) => productId !== "" && saidProduct(form) === productId) ??
    forms.find((form) => !sellsAnother(form, productId)) ??
    null
  );
}

function saidProduct(form: HTMLFormElement): string | null {
  return form.querySelector<HTMLInputElement>('input[name="product-id"]')?.value || null;
}

function sellsAnother(form: HTMLFormElement, productId: string): boolean {
  const said = saidProduct(form);
  return said !== null && productId !== "" && said !== productId;
}
