import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import type { CartProperty } from "../cart/cart-properties.ts";

/**
 * What the studio tells the page. All of them bubble from the `<pet-processor>` element. `pet-processor:cart` can be
 * cancelled: the page then carries the properties itself and the studio leaves the product form alone.
 */
export type StudioEvents = {
  /** A photo was chosen and can be used. Nothing has been sent. */
  "pet-processor:photo": { productId: string };
  /** A portrait is on show: ready, or kept to be painted after the order (`status: "pending"`). */
  "pet-processor:portrait": { productId: string; portrait: PortraitJson };
  /** The properties are about to be put into the product form. Cancellable. */
  "pet-processor:cart": { productId: string; properties: CartProperty[] };
};

/** False when a listener cancelled the event. */
export function tellPage<Name extends keyof StudioEvents>(
  element: HTMLElement,
  name: Name,
  detail: StudioEvents[Name],
): boolean {
  const cancelable = name === "pet-processor:cart";
  return element.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail }));
}
