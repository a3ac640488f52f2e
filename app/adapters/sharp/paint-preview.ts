import { composeScene } from "./composition/compose-scene.ts";
import type { Scene } from "./composition/scene.ts";
import { paintInkWash } from "./ink-wash/paint-ink-wash.ts";
import { paintPenAndMarker } from "./pen-and-marker/paint-pen-and-marker.ts";
import { rawOf } from "./picture-codec.ts";
import type { PaintAnswer, PaintJob, PreviewStyle } from "./pixel-jobs.ts";
import { encodePreview } from "./preview-picture.ts";
import type { Colours } from "./raster.ts";

type Hand = (scene: Scene, chance: { seed: number; take: number }) => Colours;

const hands: Record<PreviewStyle, Hand> = { ink_wash: paintInkWash, pen_and_marker: paintPenAndMarker };

/**
 * The preview painter's work, as it runs in a worker: compose, paint in the style's hand, mark and encode.
 *
 * @throws UnreadablePicture
 */
export async function paintPreview({ pets, style, size, seed, take }: PaintJob): Promise<PaintAnswer> {
  const scene = await composeScene(pets, size, seed);
  if (scene === undefined) return { done: false, why: "empty" };
  const painted = hands[style](scene, { seed, take });
  return { done: true, image: await encodePreview(rawOf(painted, size)) };
}
