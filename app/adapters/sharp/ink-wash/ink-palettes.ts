/**
 * Inks as a printer's chemist sees them: how strongly each takes red, green and blue out of the paper's light for each
 * unit of density. Thin ink shows its hue, thick ink is nearly black, as on real paper.
 */
export type Absorption = readonly [red: number, green: number, blue: number];

export type InkPalette = {
  paper: readonly [number, number, number];
  ink: Absorption;
  /** The loose wash behind the pet. */
  wash: Absorption;
};

/** One for each take, in turn: the same hand with another ink bottle. */
const palettes: readonly InkPalette[] = [
  { paper: [0.972, 0.957, 0.925], ink: [1.12, 1.0, 0.8], wash: [0.78, 0.46, 0.27] },
  { paper: [0.975, 0.957, 0.918], ink: [0.9, 1.02, 1.16], wash: [0.16, 0.44, 0.66] },
  { paper: [0.967, 0.958, 0.93], ink: [1.16, 0.96, 0.92], wash: [0.72, 0.3, 0.42] },
  { paper: [0.972, 0.955, 0.93], ink: [1.02, 1.06, 0.88], wash: [0.42, 0.55, 0.26] },
];

export function inkPalette(take: number): InkPalette {
  return palettes[(take - 1) % palettes.length]!;
}
