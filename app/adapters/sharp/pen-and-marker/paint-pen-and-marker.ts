import type { Scene } from "../composition/scene.ts";
import { mix } from "../curves.ts";
import { drawingOf } from "../drawing.ts";
import { layPaper, type Paper } from "../paper.ts";
import type { Colours, Plane } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";
import { gelPen } from "./gel-pen.ts";
import { markerColours } from "./marker-colours.ts";
import { markerPaper, penInk, swatchColour, type Rgb } from "./marker-palettes.ts";
import { markerStreaks } from "./marker-streaks.ts";
import { misregister } from "./misregister.ts";
import { penLines } from "./pen-lines.ts";
import { swatch } from "./swatch.ts";

/**
 * Pen and marker: a bright patch of marker strokes, the pet in its own few colours over it, pen lines on top and, last, the
 * lights with a white gel pen. The colours sit a little beside the lines, as they do when one is quick.
 */
export function paintPenAndMarker(scene: Scene, { seed, take }: { seed: number; take: number }): Colours {
  const { size, unit } = scene;
  const drawing = drawingOf(scene);
  const flat = markerColours(scene, drawing, seedFor(seed, "markers"));
  const { colours, alpha } = misregister(flat, scene, seedFor(seed, "shift"));
  return printLayers(
    {
      paper: layPaper(size, { colour: markerPaper, unit, seed: seedFor(seed, "paper"), depth: 0.011 }),
      patch: swatch(scene, seedFor(seed, "swatch")),
      streaks: markerStreaks(scene, seedFor(seed, "streaks")),
      lines: penLines(drawing, scene, seedFor(seed, "pen")),
      lights: gelPen(drawing, scene),
      colours,
      alpha,
    },
    swatchColour(take),
  );
}

type Layers = {
  paper: Paper;
  patch: Plane;
  streaks: Plane;
  colours: Colours;
  alpha: Plane;
  lines: Plane;
  lights: Plane;
};

function printLayers({ paper, patch, streaks, colours, alpha, lines, lights }: Layers, ink: Rgb): Colours {
  const print = (channel: Plane, c: 0 | 1 | 2) =>
    channel.map((colour, i) => {
      const sheet = markerPaper[c];
      const ground = sheet * ink[c] ** patch[i]!;
      const painted = mix(ground, sheet * colour ** streaks[i]!, alpha[i]!);
      const drawn = mix(painted, penInk[c], lines[i]!);
      return mix(drawn, 1, lights[i]!) * paper.shade[i]!;
    });
  return { red: print(colours.red, 0), green: print(colours.green, 1), blue: print(colours.blue, 2) };
}
