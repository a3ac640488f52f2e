export type Rgb = readonly [red: number, green: number, blue: number];

/** Marker inks for the swatch behind the pet, sRGB 0 to 1, chosen to be bright on paper and kind to fur. */
const swatches: readonly Rgb[] = [
  [0.98, 0.76, 0.24], // saffron
  [0.42, 0.78, 0.76], // lagoon
  [0.97, 0.6, 0.52], // coral
  [0.66, 0.69, 0.93], // lavender
  [0.67, 0.82, 0.47], // meadow
];

export const markerPaper: Rgb = [0.988, 0.984, 0.972];

/** Each take reaches for the next marker in the case. */
export function swatchColour(take: number): Rgb {
  return swatches[(take - 1) % swatches.length]!;
}

/** Nearly black, a little warm. */
export const penInk: Rgb = [0.1, 0.085, 0.1];
