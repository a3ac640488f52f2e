import { mix, smoothstep } from "../curves.ts";
import type { Drawing } from "../drawing.ts";
import type { EdgeFlow } from "../filters/edge-flow.ts";
import { smoothAlongFlow, unpainted } from "../filters/flow-smoothing.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import { kuwahara } from "../filters/kuwahara.ts";
import type { Scene } from "../composition/scene.ts";
import { newPlane, type Plane } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";

/** From thin to thick: how dark a place must be to get the wash, how soft its border is, how dense it is. */
const washes = [
  { from: 0.15, soft: 0.06, density: 0.1 },
  { from: 0.3, soft: 0.08, density: 0.2 },
  { from: 0.44, soft: 0.06, density: 0.3 },
  { from: 0.58, soft: 0.05, density: 0.42 },
  { from: 0.72, soft: 0.05, density: 0.56 },
  { from: 0.86, soft: 0.05, density: 0.62 },
] as const;

/** Ink that follows the tone itself, so that no wash is quite flat. */
const thinnest = 0.3;

/** Ink density of the pet's body: one transparent wash over the other, as a painter builds up tone. */
export function toneWashes({ light, details, flow }: Drawing, scene: Scene, seed: number): Plane {
  const { size, unit, alpha } = scene;
  const [patches] = kuwahara([light], size, Math.max(1, Math.round(4 * unit)));
  const [tone] = smoothAlongFlow([patches!], size, flow, { sigma: 4 * unit, mask: alpha });
  const hair = hairs(scene, flow, seed);
  const drift = fractalNoise(size, { cell: 90 * unit, octaves: 4, seed: seedFor(seed, "drift") });
  const wet = fractalNoise(size, { cell: 150 * unit, octaves: 2, seed: seedFor(seed, "wet") });
  const layered = newPlane(size);
  for (let i = 0; i < layered.length; i++) {
    if (alpha[i]! < unpainted) continue;
    const loose = 1 - details[i]!;
    const smooth = 1 - mix(light[i]!, tone![i]!, 0.35 + 0.65 * loose);
    // White fur is paper: the brush's hairs show only where there is ink to show them.
    const brush = smoothstep(0.1, 0.35, smooth) * loose;
    const dark = smooth + brush * (0.03 * drift[i]! + 0.05 * hair[i]! * flow.certainty[i]!);
    const softness = Math.max(0.35, 1 + 0.7 * wet[i]!);
    let sum = thinnest * Math.max(0, dark - 0.1);
    for (const { from, soft, density } of washes) {
      sum += density * smoothstep(from - soft * softness, from + soft * softness, dark);
    }
    layered[i] = sum * alpha[i]!;
  }
  return poolAtEdges(layered, scene);
}

/** Texture of a dry brush that follows the fur; mean 0, deviation about 1. */
function hairs({ size, unit, alpha }: Scene, flow: EdgeFlow, seed: number): Plane {
  const speckle = fractalNoise(size, { cell: 2.2 * unit, octaves: 1, seed: seedFor(seed, "hair") });
  const [strands] = smoothAlongFlow([speckle], size, flow, { sigma: 7 * unit, mask: alpha });
  // Averaging along a strand calms the noise; this brings it back to its strength.
  for (let i = 0; i < speckle.length; i++) strands![i] = strands![i]! * 2.2;
  return strands!;
}

/** Wet pigment wanders to the rim of a wash and dries there: a thin dark line inside each border. */
function poolAtEdges(layered: Plane, { size, unit }: Scene): Plane {
  const around = gaussianBlur(layered, size, 4 * unit);
  for (let i = 0; i < layered.length; i++) {
    const here = layered[i]!;
    const rim = here - around[i]!;
    around[i] = Math.max(0, here + (rim > 0 ? 0.55 * rim : 0.25 * rim));
  }
  return around;
}
