import type { Scene } from "../composition/scene.ts";
import { drawingOf } from "../drawing.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { layPaper, type Paper } from "../paper.ts";
import type { Colours, Plane } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";
import { backgroundWash } from "./background-wash.ts";
import { inkLines } from "./ink-lines.ts";
import { inkPalette, type InkPalette } from "./ink-palettes.ts";
import { splatter } from "./splatter.ts";
import { toneWashes } from "./tone-washes.ts";

/**
 * An ink wash: a watery ground, the pet in layered transparent washes, brush lines, drops, all printed on rough paper as
 * densities of ink, so that layers darken each other as they do in water.
 */
export function paintInkWash(scene: Scene, { seed, take }: { seed: number; take: number }): Colours {
  const { size, unit } = scene;
  const palette = inkPalette(take);
  const drawing = drawingOf(scene);
  const body = toneWashes(drawing, scene, seedFor(seed, "washes"));
  const lines = inkLines(drawing, scene, seedFor(seed, "lines"));
  const drops = splatter(scene, seedFor(seed, "drops"));
  const ground = backgroundWash(scene, seedFor(seed, "ground"));
  const paper = layPaper(size, { colour: palette.paper, unit, seed: seedFor(seed, "paper"), depth: 0.032 });
  const pigment = fractalNoise(size, { cell: 34 * unit, octaves: 5, seed: seedFor(seed, "pigment"), gain: 0.7 });
  const ink = body;
  for (let i = 0; i < ink.length; i++) {
    const grain = 1 - 0.055 * paper.relief[i]! + 0.07 * pigment[i]!;
    ink[i] = body[i]! * grain + lines[i]! + drops[i]! * grain;
    ground[i] = ground[i]! * (1 - 0.07 * paper.relief[i]! + 0.09 * pigment[i]!);
  }
  return printOn(paper, palette, { ink, ground });
}

/** Beer and Lambert's law: light that comes back falls exponentially with the ink that it went through. */
function printOn(
  { colour, shade }: Paper,
  palette: InkPalette,
  { ink, ground }: { ink: Plane; ground: Plane },
): Colours {
  const channel = (c: 0 | 1 | 2) =>
    ink.map((density, i) => colour[c] * shade[i]! * Math.exp(-density * palette.ink[c] - ground[i]! * palette.wash[c]));
  return { red: channel(0), green: channel(1), blue: channel(2) };
}
