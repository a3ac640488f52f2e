import { createHash, randomBytes } from "node:crypto";
import { variantById, type Product, type Variant } from "./catalogue.ts";

/**
 * Carts as Shopify keeps them: a line is a variant together with its properties, so the same canvas with two portraits
 * is two lines, and the same portrait twice is one line of two. They live as long as the process does.
 */

export type PropertyValue = string | number | boolean | null;
export type Properties = Record<string, PropertyValue>;

export type CartLine = {
  key: string;
  product: Product;
  variant: Variant;
  quantity: number;
  properties: Properties;
};

export type Cart = { token: string; note: string; lines: CartLine[] };

export type WantedLine = { id: number; quantity: number; properties: Properties };

/** What a shopper asked of a cart and cannot have; `status` is what Shopify answers with. */
export class CartError extends Error {
  override readonly name = "CartError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const mostCarts = 500;
const mostLines = 100;

export type CartStore = {
  /** The cart of this token; a new one when there is none. */
  open(token: string | undefined): Cart;
};

export function createCartStore(): CartStore {
  const carts = new Map<string, Cart>();
  return Object.freeze({
    open(token) {
      const known = token === undefined ? undefined : carts.get(token);
      if (known) return known;
      const cart: Cart = { token: randomBytes(16).toString("hex"), note: "", lines: [] };
      carts.set(cart.token, cart);
      const oldest = carts.keys().next().value;
      if (carts.size > mostCarts && oldest !== undefined) carts.delete(oldest);
      return cart;
    },
  } satisfies CartStore);
}

/**
 * Puts lines into the cart, all of them or none.
 *
 * @returns the lines as they are afterwards, in the order that was asked
 */
export function addLines(cart: Cart, wanted: readonly WantedLine[]): CartLine[] {
  const found = wanted.map((line) => ({ line, ...sellable(line) }));
  if (cart.lines.length + found.length > mostLines) throw new CartError(422, "The cart is full.");
  return found.map(({ line, product, variant }) => {
    const key = lineKey(variant.id, line.properties);
    const known = cart.lines.find((existing) => existing.key === key);
    if (known) {
      known.quantity += line.quantity;
      return known;
    }
    const added = { key, product, variant, quantity: line.quantity, properties: line.properties };
    cart.lines.unshift(added);
    return added;
  });
}

function sellable({ id, quantity }: WantedLine): { product: Product; variant: Variant } {
  const found = variantById(id);
  if (!found) throw new CartError(404, "Cannot find variant");
  if (!Number.isInteger(quantity) || quantity < 1) throw new CartError(422, "Quantity must be 1 or more");
  if (!found.variant.available) {
    throw new CartError(422, `The product '${found.product.handle} - ${found.variant.title}' is already sold out.`);
  }
  return found;
}

function lineKey(variantId: number, properties: Properties): string {
  return `${variantId}:${createHash("md5").update(JSON.stringify(properties)).digest("hex")}`;
}

/** Changes one line, by its key, its variant or its place (from 1); a quantity of 0 takes it out. */
export function changeLine(
  cart: Cart,
  wanted: { id?: string | undefined; line?: number | undefined; quantity: number; properties?: Properties | undefined },
): void {
  const at =
    wanted.line === undefined
      ? cart.lines.findIndex((line) => line.key === wanted.id || String(line.variant.id) === wanted.id)
      : wanted.line - 1;
  const line = cart.lines[at];
  if (!line) throw new CartError(400, "no valid id or line parameter");
  if (!Number.isInteger(wanted.quantity) || wanted.quantity < 0) throw new CartError(422, "Quantity must be 0 or more");
  if (wanted.quantity === 0) {
    cart.lines.splice(at, 1);
    return;
  }
  line.quantity = wanted.quantity;
  if (wanted.properties === undefined) return;
  line.properties = wanted.properties;
  line.key = lineKey(line.variant.id, wanted.properties);
}

export const itemCount = (cart: Cart) => cart.lines.reduce((sum, line) => sum + line.quantity, 0);
export const totalPrice = (cart: Cart) => cart.lines.reduce((sum, line) => sum + line.quantity * line.variant.price, 0);
