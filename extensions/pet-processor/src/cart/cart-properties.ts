/** What the shopper is about to buy, in one typed object. Nothing else decides what travels in the product form. */
export type CartChoice = {
  portraitId: string;
  status: "ready" | "pending";
  /** Absolute and unguessable; null while nothing is painted. */
  imageUrl: string | null;
  styleName: string;
  /** As typed, one for each pet; empty where the shopper gave none. */
  petNames: string[];
  /** To who makes the product, as typed. */
  note: string;
};

/** The property by which a portrait is known again, in a form and in the cart. */
export const portraitIdKey = "_pet_portrait_id";

/** The name that Shopify's cart reads a property of a line item from. */
export const fieldName = (key: string): string => `properties[${key}]`;

export type CartProperty = { name: string; value: string };

export const petNameMaxLength = 40;
export const noteMaxLength = 200;
const visibleMaxLength = 80;

/**
 * The line item properties of a choice: visible ones for the shopper, `_` ones for the merchant. This is the only place
 * that knows their names. A value that would be empty is left out, so that an order never shows an empty line.
 */
export function cartProperties(choice: CartChoice): CartProperty[] {
  const values: [string, string][] = [
    ["Style", oneLine(choice.styleName, visibleMaxLength)],
    ["Pet", namesOf(choice.petNames)],
    [portraitIdKey, choice.portraitId],
    ["_pet_portrait_url", choice.imageUrl ?? ""],
    ["_pet_portrait_status", choice.status],
    ["_pet_note", oneLine(choice.note, noteMaxLength)],
  ];
  return values.filter(([, value]) => value !== "").map(([key, value]) => ({ name: fieldName(key), value }));
}

function namesOf(petNames: string[]): string {
  return petNames
    .map((name) => oneLine(name, petNameMaxLength))
    .filter(Boolean)
    .join(", ");
}

/** Counted in characters as people see them start, so that an emoji is never cut in half. */
function oneLine(text: string, maxLength: number): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return [...plain].slice(0, maxLength).join("").trim();
}
