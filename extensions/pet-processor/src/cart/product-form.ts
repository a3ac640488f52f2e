/**
 * Finding the theme's product form. A block is usually outside of it, and a page may hold others: quick-add forms of
 * recommended products, sticky bars. A form that says it sells another product is never ours.
 */
const addForms = 'form[data-type="add-to-cart-form"], form[action*="/cart/add"]';

/**
 * The form around the element, else the likeliest of the document: one that can be sent before one that only shows payment
 * terms (Dawn has such a form beside the price, above the real one), then one of the element's own section,
 * then one that names the product. Null where there is none.
 */
export function findProductForm(element: Element, productId: string): HTMLFormElement | null {
  const around = element.closest("form");
  if (around?.matches(addForms) && !sellsAnother(around, productId)) return around;
  const section = element.closest(".shopify-section, [id^='shopify-section']");
  const likelihood = (form: HTMLFormElement) =>
    (canBeSent(form) ? 4 : 0) + (section?.contains(form) ? 2 : 0) + (saidProduct(form) === productId ? 1 : 0);
  return [...element.ownerDocument.querySelectorAll<HTMLFormElement>(addForms)]
    .filter((form) => !sellsAnother(form, productId))
    .reduce<HTMLFormElement | null>((best, form) => (best && likelihood(best) >= likelihood(form) ? best : form), null);
}

/** True for the form itself and for another add-to-cart form of the same product, as in a sticky bar. */
export function sellsThis(form: HTMLFormElement, ours: HTMLFormElement | null, productId: string): boolean {
  if (form === ours) return true;
  return form.matches(addForms) && productId !== "" && saidProduct(form) === productId;
}

/** The form that a click on this target would send, when it is a button that adds to the cart or buys at once. */
export function formOfButton(target: EventTarget | null): HTMLFormElement | null {
  if (!(target instanceof Element)) return null;
  const express = target.closest(expressButtons);
  if (express) return express.closest("form");
  const button = target.closest("button, input");
  return button && isSender(button) ? button.form : null;
}

/** The buttons of dynamic checkout are no submit buttons; they read the form around them. */
const expressButtons = ".shopify-payment-button, shopify-accelerated-checkout, [data-shopify='payment-button']";

function isSender(control: Element): control is HTMLButtonElement | HTMLInputElement {
  const { type, name } = control as HTMLInputElement;
  return type === "submit" || type === "image" || (name === "add" && control.matches("button, input"));
}

const canBeSent = (form: HTMLFormElement) => [...form.elements].some(isSender) || form.querySelector(expressButtons);

/** A product form has a control named `id`, which hides the form's own `id` property: only the attribute is safe. */
export function idOfForm(form: HTMLFormElement): string {
  const given = form.getAttribute("id");
  if (given) return given;
  let number = 1;
  while (form.ownerDocument.getElementById(`pet-processor-form-${number}`)) number += 1;
  form.setAttribute("id", `pet-processor-form-${number}`);
  return `pet-processor-form-${number}`;
}

function saidProduct(form: HTMLFormElement): string | null {
  return form.querySelector<HTMLInputElement>('input[name="product-id"]')?.value || null;
}

function sellsAnother(form: HTMLFormElement, productId: string): boolean {
  const said = saidProduct(form);
  return said !== null && productId !== "" && said !== productId;
}
