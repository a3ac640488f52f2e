import { bounded, fitOf, type CropView, type Size, type Turn } from "./crop-geometry.ts";

/** What a hand can do with the photo behind the frame, as pure steps from one view to the next. */
export type Scene = { photo: Size; frame: Size };

/** From the frame's centre in fractions of the frame; right and down are positive. */
export type Point = { x: number; y: number };

export type CropCommand = "in" | "out" | "turn" | "whole" | "left" | "right" | "up" | "down";

const centre: Point = { x: 0, y: 0 };
const zoomStep = 1.25;
const nudgeStep = 0.05;
/** Filling a frame that has nearly the photo's shape would change nothing to be seen. */
const hardlyLarger = 1.05;

/** Brings the piece of the photo that lies at `from` to `to`, `factor` times as large, as far as the bounds allow. */
export function held(
  view: CropView,
  { photo, frame }: Scene,
  { from, to = from, factor = 1 }: { from: Point; to?: Point; factor?: number },
): CropView {
  const start = bounded(view, photo, frame);
  const { reach } = fitOf(view.turn, photo, frame);
  const { scale } = bounded({ ...start, scale: start.scale * factor }, photo, frame);
  const along = (axis: "x" | "y") =>
    start[axis] + (from[axis] * reach[axis]) / start.scale - (to[axis] * reach[axis]) / scale;
  return bounded({ ...start, scale, x: along("x"), y: along("y") }, photo, frame);
}

/** Clockwise about the frame's centre. The bounds are left alone, so that four turns end where they began. */
export function turned(view: CropView): CropView {
  return { ...view, x: 1 - view.y, y: view.x, turn: ((view.turn + 90) % 360) as Turn };
}

export const whole = (view: CropView): CropView => ({ ...view, scale: 1, x: 0.5, y: 0.5 });

/** Between the whole photo and one that fills the frame, with the piece that was tapped staying where it is. */
export function toggled(view: CropView, scene: Scene, at: Point): CropView {
  if (bounded(view, scene.photo, scene.frame).scale > 1) return whole(view);
  const { filling } = fitOf(view.turn, scene.photo, scene.frame);
  return held(view, scene, { from: at, factor: filling > hardlyLarger ? filling : 2 });
}

export function commanded(view: CropView, scene: Scene, command: CropCommand): CropView {
  switch (command) {
    case "in":
      return zoomedStep(view, scene, zoomStep);
    case "out":
      return zoomedStep(view, scene, 1 / zoomStep);
    case "turn":
      return turned(view);
    case "whole":
      return whole(view);
    case "left":
      return nudged(view, scene, { x: -nudgeStep, y: 0 });
    case "right":
      return nudged(view, scene, { x: nudgeStep, y: 0 });
    case "up":
      return nudged(view, scene, { x: 0, y: -nudgeStep });
    case "down":
      return nudged(view, scene, { x: 0, y: nudgeStep });
  }
}

/** How far the frame has gone along the photo, 0 to 1; null where it has no way to go. */
export function shareOf(view: CropView, { photo, frame }: Scene, axis: "x" | "y"): number | null {
  const shown = bounded(view, photo, frame);
  const room = roomOf(shown, { photo, frame }, axis);
  return room > 0 ? (shown[axis] - (1 - room) / 2) / room : null;
}

/** The other way round: puts the frame as far along the photo as that. */
export function placed(view: CropView, { photo, frame }: Scene, axis: "x" | "y", share: number): CropView {
  const shown = bounded(view, photo, frame);
  const room = roomOf(shown, { photo, frame }, axis);
  return bounded({ ...shown, [axis]: (1 - room) / 2 + share * room }, photo, frame);
}

const roomOf = ({ scale, turn }: CropView, { photo, frame }: Scene, axis: "x" | "y") =>
  Math.max(0, 1 - fitOf(turn, photo, frame).reach[axis] / scale);

const nudged = (view: CropView, scene: Scene, to: Point) => held(view, scene, { from: centre, to });

/** Stops on the way where the photo just fills the frame: that is what most are after. */
function zoomedStep(view: CropView, scene: Scene, factor: number): CropView {
  const { scale } = bounded(view, scene.photo, scene.frame);
  const { filling } = fitOf(view.turn, scene.photo, scene.frame);
  const passesFilling = (scale - filling) * (scale * factor - filling) < -1e-9;
  return held(view, scene, { from: centre, factor: passesFilling ? filling / scale : factor });
}
