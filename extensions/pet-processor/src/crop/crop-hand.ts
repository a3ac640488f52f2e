import type { CropView } from "./crop-geometry.ts";
import type { CropCommand, Point, Scene } from "./crop-moves.ts";

/** What pointers, wheels and keys do to the stage. */
export type CropHand = {
  stage: HTMLElement;
  signal: AbortSignal;
  /** What is on show; null while there is no photo. */
  now(): { view: CropView; scene: Scene } | null;
  /** One move of a gesture; the same object names the same gesture. */
  move(view: CropView, gesture: object): void;
  /** The gesture is over. */
  end(): void;
  /** One move of a gesture that has no end of its own, such as a wheel's: it is over after a short rest. */
  drift(view: CropView): void;
  /** A gesture of one move. */
  jump(view: CropView): void;
  /** @param isHeld - by a key, which may repeat */
  command(name: CropCommand | "undo", isHeld: boolean): void;
};

/** Where on the stage, as the moves count it. */
export function pointOn(stage: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top, width, height } = stage.getBoundingClientRect();
  return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
}
