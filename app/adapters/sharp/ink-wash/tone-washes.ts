import { smoothstep } from "../curves.ts";
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
  { from: 0.1, soft: 0.1, density: 0.14 },
  { from: 0.27, soft: 0.09, density: 0.24 },
  { from: 0.44, soft: 0.07, density: 0.36 },
  { from: 0.61, soft: 0.06, density: 0.52 },
  { from: 0.77, soft: 0.06, density: 0.72 },
  { from: 0.9, soft: 0.05, density: 0.6 },
] as const;

/** Ink density of the pet's body: one transparent wash over the other, as a painter builds up tone. */
export function toneWashes(light: Plane, scene: Scene, flow: EdgeFlow, seed: number): Plane {
  const { size, unit, alpha } = scene;
  const [patches] = kuwahara([light], size, Math.max(1, Math.round(4 * unit)));
  const [tone] = smoothAlongFlow([patches!], size, flow, { sigma: 4 * unit, mask: alpha });
  const hair = hairs(scene, flow, seed);
  const drift = fractalNoise(size, { cell: 90 * unit, octaves: 4, seed: seedFor(seed, "drift") });
  const wet = fractalNoise(size, { cell: 150 * unit, octaves: 2, seed: seedFor(seed, "wet") });
  const layered = newPlane(size);
  for (let i = 0; i < layered.length; i++) {
    if (alpha[i]! < unpainted) continue;
    const dark = 1 - tone![i]! + 0.03 * drift[i]! + 0.045 * hair[i]!;
    const softness = Math.max(0.35, 1 + 0.7 * wet[i]!);
    let sum = 0;
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
