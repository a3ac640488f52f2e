/** What of an order concerns us: nothing of the buyer, and of its lines what the product page wrote into them. */
export type Order = {
  shop: string;
  /** Shopify's number of the order, in digits. */
  id: string;
  /** As the merchant reads it, `#1001`. */
  name: string;
  lines: OrderLine[];
};

/** `properties` as Shopify sends them: `[{ name, value }]`, or anything else where an app or a merchant made the line. */
export type OrderLine = { id: string; properties: unknown };

/** Where the widget writes the portrait's id; see extensions/pet-processor/src/cart/cart-properties.ts. */
const portraitProperty = "_pet_portrait_id";

/**
 * A browser can put anything into a property: what comes out of here is the name of a portrait, and whether the shop has
 * it is for the records to say.
 *
 * @returns undefined for a line without a portrait
 */
export function portraitOf({ properties }: OrderLine): string | undefined {
  if (!Array.isArray(properties)) return undefined;
  const property = properties.filter(isProperty).find(({ name }) => name === portraitProperty);
  const id = property?.value;
  return typeof id === "string" && /^por_[A-Za-z0-9_-]{1,60}$/.test(id) ? id : undefined;
}

const isProperty = (one: unknown): one is { name: unknown; value: unknown } => typeof one === "object" && one !== null;
