import { balancedLight } from "../balanced-light.ts";
import type { Scene } from "../composition/scene.ts";
import { mix } from "../curves.ts";
import { edgeFlow } from "../filters/edge-flow.ts";
import { layPaper } from "../paper.ts";
import { newColours, type Colours } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";
import { markerColours } from "./marker-colours.ts";
import { markerPaper, swatchColour } from "./marker-palettes.ts";
import { penLines } from "./pen-lines.ts";
import { swatch } from "./swatch.ts";

const penInk = [0.09, 0.085, 0.11] as const;

/**
 * Pen and marker: a bright patch of marker strokes, the pet in its own few colours over it, and pen lines on top.
 */
export function paintPenAndMarker(scene: Scene, { seed, take }: { seed: number; take: number }): Colours {
  const { size, unit, alpha } = scene;
  const light = balancedLight(scene);
  const flow = edgeFlow(light, size, 3 * unit);
  const colours = markerColours(scene, flow, seedFor(seed, "markers"));
  const patch = swatch(scene, seedFor(seed, "swatch"));
  const lines = penLines(light, scene, flow, seedFor(seed, "pen"));
  const paper = layPaper(size, { colour: markerPaper, unit, seed: seedFor(seed, "paper"), depth: 0.012 });
  const swatchInk = swatchColour(take);
  const print = newColours(size);
  const channels = [
    { to: print.red, from: colours.red },
    { to: print.green, from: colours.green },
    { to: print.blue, from: colours.blue },
  ];
  channels.forEach(({ to, from }, c) => {
    for (let i = 0; i < to.length; i++) {
      const ground = markerPaper[c]! * swatchInk[c]! ** patch[i]!;
      const painted = mix(ground, from[i]! * markerPaper[c]!, alpha[i]!);
      to[i] = mix(painted, penInk[c]!, lines[i]!) * paper.shade[i]!;
    }
  });
  return print;
}
