import { balancedLight } from "./balanced-light.ts";
import type { Scene } from "./composition/scene.ts";
import { clamp01 } from "./curves.ts";
import { faceDetails } from "./face-details.ts";
import { edgeFlow, type EdgeFlow } from "./filters/edge-flow.ts";
import { gaussianBlur } from "./filters/gaussian-blur.ts";
import type { Plane } from "./raster.ts";

/** What an artist sees in the pet before the first stroke; both styles start from it. */
export type Drawing = {
  /** Tones from 0 to 1, with eyes and noses made crisp. */
  light: Plane;
  /** Where to be careful, 0 to 1. */
  details: Plane;
  flow: EdgeFlow;
};

/** How much local contrast eyes and noses gain. */
const crispness = 0.65;

export function drawingOf(scene: Scene): Drawing {
  const { size, unit } = scene;
  const light = balancedLight(scene);
  const details = faceDetails(light, scene);
  const around = gaussianBlur(light, size, 5 * unit);
  for (let i = 0; i < light.length; i++) {
    light[i] = clamp01(light[i]! + details[i]! * crispness * (light[i]! - around[i]!));
  }
  return { light, details, flow: edgeFlow(light, size, 4 * unit) };
}
