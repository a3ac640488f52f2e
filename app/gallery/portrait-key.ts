import { createHmac } from "node:crypto";

/**
 * The key of a portrait knows everything that shaped it, so that the same wish finds the same picture and another wish
 * never does. It is an HMAC under the shop's own secret: nobody outside can work out whether a photo was ever given.
 */
export type PortraitIngredients = {
  photos: { sha256: string; crop: { x: number; y: number; width: number; height: number; turn: number } | null }[];
  cutout: string;
  style: string;
  styleRevision: number;
  painter: string;
  model: string;
  width: number;
  height: number;
  take: number;
};

/** @returns 64 hexadecimal digits */
export function portraitKey(shopSecret: string, ingredients: PortraitIngredients): string {
  return createHmac("sha256", shopSecret).update(canonical(ingredients)).digest("hex");
}

/** Names the object of a portrait. Shops never share one: a shop can then be forgotten without asking another. */
export function portraitObjectName(shop: string, key: string): string {
  return `shops/${shop}/portraits/${key}`;
}

/** JSON of fixed shape and order, so that equal ingredients are equal text and no two lists run into each other. */
function canonical(of: PortraitIngredients): string {
  const photos = of.photos.map(({ sha256, crop }) => [
    sha256,
    crop === null ? null : [...[crop.x, crop.y, crop.width, crop.height].map(fraction), crop.turn],
  ]);
  return JSON.stringify([
    1,
    photos,
    of.cutout,
    of.style,
    of.styleRevision,
    of.painter,
    of.model,
    of.width,
    of.height,
    of.take,
  ]);
}

/** Fractions are told apart to a hundred-thousandth of a side: less than a pixel of the largest photo. */
const fraction = (value: number): number => Math.round(value * 100_000);
