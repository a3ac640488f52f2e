import { clamp01, mix, smoothstep } from "../curves.ts";
import type { Drawing } from "../drawing.ts";
import { smoothAlongFlow, unpainted } from "../filters/flow-smoothing.ts";
import { kMeans } from "../filters/k-means.ts";
import { kuwahara } from "../filters/kuwahara.ts";
import { labOf, rgbOfLab } from "../filters/lab-colour.ts";
import type { Scene } from "../composition/scene.ts";
import { eachChannel, luma, newColours, type Colours, type Plane } from "../raster.ts";
import type { Rgb } from "./marker-palettes.ts";

const markers = 8;
/** Vivid colours become purer; pale ones hardly, or every shadow on white fur would turn to meat. */
const saturation = { pale: 0.75, vivid: 1.26 };
/** Lab distance over which one marker gives way to the next; a little softness keeps borders from being jagged. */
const blend = 5;

/** The pet in flat marker colours: eight markers that are picked from its own fur, brighter than life. */
export function markerColours(scene: Scene, { light, details, flow }: Drawing, seed: number): Colours {
  const { size, unit, alpha } = scene;
  const lit = relight(scene.colours, light);
  const { red, green, blue } = lit;
  const patches = kuwahara([red, green, blue], size, Math.max(1, Math.round(5 * unit)));
  const [r, g, b] = smoothAlongFlow(patches, size, flow, { sigma: 4 * unit, mask: alpha });
  const smooth = { red: r!, green: g!, blue: b! };
  const { lab, rgb } = pickMarkers(smooth, scene, seed);
  const result = newColours(size, 1);
  const shares = new Float32Array(lab.length);
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i]! < unpainted) continue;
    weigh(labOf(smooth.red[i]!, smooth.green[i]!, smooth.blue[i]!), lab, shares);
    let [sr, sg, sb] = [0, 0, 0];
    for (let m = 0; m < shares.length; m++) {
      const [mr, mg, mb] = rgb[m]!;
      sr += shares[m]! * mr;
      sg += shares[m]! * mg;
      sb += shares[m]! * mb;
    }
    // Eyes and noses keep their own colours: no marker is fine enough for them.
    const own = 0.75 * details[i]!;
    result.red[i] = mix(sr, lit.red[i]!, own);
    result.green[i] = mix(sg, lit.green[i]!, own);
    result.blue[i] = mix(sb, lit.blue[i]!, own);
  }
  return result;
}

/** The photo's hues with the drawing's light. */
function relight(colours: Colours, light: Plane): Colours {
  const old = luma(colours);
  // Dark parts take all of the new light, light ones half: more would wash the pink out of a tongue.
  const gain = old.map(
    (value, i) => Math.min(3, (light[i]! + 0.04) / (value + 0.04)) ** mix(1, 0.5, smoothstep(0.3, 0.7, value)),
  );
  return eachChannel(colours, (channel) => channel.map((value, i) => clamp01(value * gain[i]!)));
}

type Markers = { lab: [number, number, number][]; rgb: Rgb[] };

function pickMarkers({ red, green, blue }: Colours, { size, alpha, unit }: Scene, seed: number): Markers {
  const stride = Math.max(2, Math.round(4 * unit));
  const samples: number[] = [];
  for (let y = 0; y < size.height; y += stride) {
    for (let x = 0; x < size.width; x += stride) {
      const i = y * size.width + x;
      if (alpha[i]! > 0.6) samples.push(...labOf(red[i]!, green[i]!, blue[i]!));
    }
  }
  const points = { values: Float32Array.from(samples), dimensions: 3 };
  const { centres } = kMeans(points, { count: Math.min(markers, samples.length / 3), rounds: 12, seed });
  const lab: Markers["lab"] = [];
  for (let c = 0; c < centres.length; c += 3) lab.push([centres[c]!, centres[c + 1]!, centres[c + 2]!]);
  return { lab, rgb: lab.map(brighten) };
}

/** A marker has no black and no mud in it: colours are lifted and made purer, the lightest become paper. */
function brighten([lightness, a, b]: [number, number, number]): Rgb {
  const chroma = Math.hypot(a, b);
  const paper = smoothstep(76, 91, lightness) * smoothstep(22, 8, chroma);
  const lifted = mix(lightness * 0.9 + 9, 100, 0.85 * paper);
  const purer = mix(saturation.pale, saturation.vivid, smoothstep(12, 38, chroma));
  return rgbOfLab(Math.min(99.5, lifted), a * purer, b * purer);
}

function weigh(colour: [number, number, number], markers: Markers["lab"], shares: Float32Array): void {
  let nearest = Infinity;
  for (let m = 0; m < shares.length; m++) {
    const [l, a, b] = markers[m]!;
    const distance = Math.sqrt((colour[0] - l) ** 2 + (colour[1] - a) ** 2 + (colour[2] - b) ** 2);
    shares[m] = distance;
    if (distance < nearest) nearest = distance;
  }
  let sum = 0;
  for (let m = 0; m < shares.length; m++) {
    const weight = Math.exp(-((shares[m]! - nearest) / blend) * 2);
    shares[m] = weight;
    sum += weight;
  }
  for (let m = 0; m < shares.length; m++) shares[m] = shares[m]! / sum;
}
