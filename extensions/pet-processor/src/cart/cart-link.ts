import { tellPage } from "../page/events.ts";
import { createCartCheck } from "./cart-check.ts";
import { carriesPortrait, createCartFields } from "./cart-fields.ts";
import { cartProperties, type CartChoice } from "./cart-properties.ts";
import { findProductForm, formOfButton, sellsThis } from "./product-form.ts";

export type CartLinkOptions = {
  element: HTMLElement;
  productId: string;
  cartUrl: string;
  signal: AbortSignal;
  /** Asked when the form is about to leave; true stops it (and whoever says so explains why to the shopper). */
  isStopped(): boolean;
  onSubmitted(portraitId: string): void;
  onArrived(portraitId: string): void;
};

export type CartLink = {
  /** What travels from now on; null takes it out again. */
  carry(choice: CartChoice | null): void;
  holds(portraitId: string): Promise<boolean | null>;
};

/**
 * Ties the portrait on show to the theme's product form: the fields are put back when the theme re-renders and once more
 * in the moment of sending, so that no order of scripts can lose them.
 */
export function linkCart(options: CartLinkOptions): CartLink {
  const { element, productId, signal } = options;
  const fields = createCartFields(element);
  // A field belongs to one form. Another form of the product gets its own, and keeps them until the portrait changes.
  const copies = createCartFields(element);
  const check = createCartCheck(options.cartUrl, options.onArrived);
  let carried: CartChoice | null = null;
  let announced = "";

  function attach(form = findProductForm(element, productId)): void {
    if (!carried || !form) return;
    const properties = cartProperties(carried);
    const said = JSON.stringify(properties);
    if (fields.areIn(form) && said === announced) return;
    // Told once for each set of properties, not again when a re-render makes us put the same ones back.
    if (said !== announced && !tellPage(element, "pet-processor:cart", { productId, properties })) return carry(null);
    announced = said;
    copies.clear();
    fields.place(form, properties);
  }

  function carry(choice: CartChoice | null): void {
    carried = choice;
    if (choice) return attach();
    announced = "";
    fields.clear();
    copies.clear();
  }

  function leave(event: Event, form: HTMLFormElement | null): void {
    const own = findProductForm(element, productId);
    // The block may stand on the page twice: where the other one has the portrait, the product has it.
    if (!form || !sellsThis(form, own, productId) || (!carried && carriesPortrait(form))) return;
    if (options.isStopped()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (!carried) return;
    attach(own ?? form);
    if (!carried) return;
    if (own && form !== own) copies.place(form, cartProperties(carried));
    options.onSubmitted(carried.portraitId);
    check.expect(carried.portraitId);
  }

  listenForLeaving(leave, signal);
  const observer = new MutationObserver(() => attach());
  observer.observe(element.closest(".shopify-section") ?? document.body, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    check.stop();
    fields.clear();
    copies.clear();
  });

  return Object.freeze({ carry, holds: check.holds });
}

/** On the window and before anybody else: themes that add by fetch listen on the form or on its button. */
function listenForLeaving(leave: (event: Event, form: HTMLFormElement | null) => void, signal: AbortSignal): void {
  const first = { capture: true, signal };
  window.addEventListener("submit", (event) => leave(event, event.target as HTMLFormElement), first);
  window.addEventListener("click", (event) => leave(event, formOfButton(event.target)), first);
}
