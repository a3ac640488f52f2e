import { tellPage } from "../page/events.ts";
import { createCartFields } from "./cart-fields.ts";
import { cartProperties, type CartChoice } from "./cart-properties.ts";
import { findProductForm } from "./product-form.ts";

export type CarriedPortrait = {
  /** What travels; null too where another block of the product has a newer one. */
  choice(): CartChoice | null;
  /** What travels from now on; null takes it out again. */
  carry(choice: CartChoice | null): void;
  /** Puts the fields where they belong, unless they are there. */
  attach(form?: HTMLFormElement): void;
  /** Puts the fields into another form of the product too. */
  copyInto(form: HTMLFormElement): void;
};

type Carrier = { productId: string; portraitId(): string | undefined; settle(): void };

/** The blocks of this page that have a portrait, the newest last. */
const carriers = new Set<Carrier>();

/**
 * The portrait of a block in the theme's product form. Two of them in one form would mix, so of two blocks for one product
 * the one that was put in last counts, and the other one again when that is gone.
 */
export function createCarriedPortrait(element: HTMLElement, productId: string, signal: AbortSignal): CarriedPortrait {
  const fields = createCartFields(element);
  // A field belongs to one form. Another form of the product gets its own, and keeps them until the portrait changes.
  const copies = createCartFields(element);
  let carried: CartChoice | null = null;
  let announced = "";

  const self = { productId, portraitId: () => carried?.portraitId, settle: () => (choice() ? attach() : clear()) };

  /** The same portrait in two blocks, as after a reload, is no other one. */
  function choice(): CartChoice | null {
    const newest = [...carriers].filter((one) => one.productId === productId).at(-1);
    return newest?.portraitId() === carried?.portraitId ? carried : null;
  }

  function attach(given?: HTMLFormElement): void {
    const travels = choice();
    const form = travels && (given ?? findProductForm(element, productId));
    if (!form) return;
    const properties = cartProperties(travels);
    const said = JSON.stringify(properties);
    if (fields.areIn(form) && said === announced) return;
    // Told once for each set of properties, not again when a re-render makes us put the same ones back.
    if (said !== announced && !tellPage(element, "pet-processor:cart", { productId, properties })) return carry(null);
    announced = said;
    copies.clear();
    fields.place(form, properties);
  }

  function clear(): void {
    announced = "";
    fields.clear();
    copies.clear();
  }

  function carry(wanted: CartChoice | null): void {
    // Who has left the page carries nothing, whatever is still painted for it.
    carried = signal.aborted ? null : wanted;
    carriers.delete(self);
    if (carried) carriers.add(self);
    else clear();
    for (const one of carriers) one.settle();
  }

  signal.addEventListener("abort", () => carry(null));
  return Object.freeze({
    choice,
    carry,
    attach,
    copyInto: (form: HTMLFormElement) => copies.place(form, carried ? cartProperties(carried) : []),
  });
}
