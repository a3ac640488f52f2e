import { createCarriedPortrait } from "./carried-portrait.ts";
import { createCartCheck } from "./cart-check.ts";
import { carriesPortrait } from "./cart-fields.ts";
import type { CartChoice } from "./cart-properties.ts";
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
  const carried = createCarriedPortrait(element, productId, signal);
  const check = createCartCheck(options.cartUrl, options.onArrived);

  function leave(event: Event, form: HTMLFormElement | null): void {
    const own = findProductForm(element, productId);
    const sells = (one: HTMLFormElement) => sellsThis(one, own, productId);
    if (!form || !sells(form)) return;
    // The block may stand on the page twice: where the other one has the portrait, the product has it.
    if (!carried.choice() && carriesPortrait(document, sells)) return;
    if (options.isStopped()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    carried.attach(own ?? form);
    const choice = carried.choice();
    if (!choice) return;
    if (own && form !== own) carried.copyInto(form);
    options.onSubmitted(choice.portraitId);
    check.expect(choice.portraitId);
  }

  listenForLeaving(leave, signal);
  const observer = new MutationObserver(() => carried.attach());
  observer.observe(element.closest(".shopify-section") ?? document.body, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    check.stop();
  });

  return Object.freeze({ carry: carried.carry, holds: check.holds });
}

/** On the window and before anybody else: themes that add by fetch listen on the form or on its button. */
function listenForLeaving(leave: (event: Event, form: HTMLFormElement | null) => void, signal: AbortSignal): void {
  const first = { capture: true, signal };
  window.addEventListener("submit", (event) => leave(event, event.target as HTMLFormElement), first);
  window.addEventListener("click", (event) => leave(event, formOfButton(event.target)), first);
}
