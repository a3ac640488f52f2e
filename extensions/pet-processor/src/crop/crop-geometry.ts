import type { CropJson } from "../../../../app/http/storefront-api.ts";

/**
 * Where a photo lies behind a frame, and which part of it is seen there. All of it is pure: the stage moves a photo by it
 * and the studio draws one that rests. Photos are counted upright and in pixels, frames by their shape only, in any unit.
 */
export type Size = { width: number; height: number };
export type Turn = CropJson["turn"];

export type CropView = {
  /** 1 shows the whole photo, as large as the frame allows. */
  scale: number;
  /** The frame's centre in fractions of the turned photo. It may lie where no bound allows: see `bounded`. */
  x: number;
  y: number;
  /** Degrees clockwise. */
  turn: Turn;
};

export type Fit = {
  /** The turned photo. */
  turned: Size;
  /** Frame units for a pixel, at scale 1. */
  unit: number;
  /** The frame's sides in fractions of the turned photo at scale 1: one is 1, the other 1 or more. */
  reach: { x: number; y: number };
  /** From here on the photo leaves no part of the frame free. */
  filling: number;
  /** The largest scale. */
  most: number;
};

const closest = 4;
/** Fewer pixels on the shorter side, and a painter has nothing to go by. */
const fewestPixels = 256;
/** Crops are counted in these, so that one view always makes one crop: it is part of a portrait's key. */
const parts = 10_000;

export const wholePhoto: CropView = { scale: 1, x: 0.5, y: 0.5, turn: 0 };

/** The shape of a frame from its ratio, `"4/5"`. */
export function frameOf(ratio: string): Size {
  const [width = 0, height = 0] = ratio.split("/").map(Number);
  return width > 0 && height > 0 ? { width, height } : { width: 4, height: 5 };
}

export function fitOf(turn: Turn, photo: Size, frame: Size): Fit {
  const turned = turn % 180 === 0 ? photo : { width: photo.height, height: photo.width };
  const across = frame.width / turned.width;
  const down = frame.height / turned.height;
  const unit = Math.min(across, down);
  const reach = { x: across / unit, y: down / unit };
  const filling = Math.max(reach.x, reach.y);
  const sharpest = Math.min(frame.width, frame.height) / (fewestPixels * unit);
  return { turned, unit, reach, filling, most: Math.max(1, Math.min(closest * filling, sharpest)) };
}

/** The view that is shown for this one: no closer than is sharp, and no side of the frame free where the photo could fill it. */
export function bounded(view: CropView, photo: Size, frame: Size): CropView {
  const { reach, most } = fitOf(view.turn, photo, frame);
  const scale = clamp(view.scale, 1, most);
  const along = (axis: "x" | "y") => {
    const half = Math.min(1, reach[axis] / scale) / 2;
    return clamp(view[axis], half, 1 - half);
  };
  return { ...view, scale, x: along("x"), y: along("y") };
}

/** @returns null for the whole upright photo */
export function cropOf(view: CropView, photo: Size, frame: Size): CropJson | null {
  const { scale, x, y, turn } = bounded(view, photo, frame);
  const { reach } = fitOf(turn, photo, frame);
  // The side that fills the frame first is rounded, up so that a photo that just fills it loses nothing; the other follows
  // from it. Both come back from `viewOf` as they went, but for the last digit of a float.
  const tight = Math.ceil(parts / scale - 1e-6);
  const across = Math.min(parts, Math.round(reach.x * tight));
  const down = Math.min(parts, Math.round(reach.y * tight));
  if (turn === 0 && across === parts && down === parts) return null;
  const start = (centre: number, length: number) => clamp(Math.round(centre * parts - length / 2), 0, parts - length);
  return {
    x: start(x, across) / parts,
    y: start(y, down) / parts,
    width: across / parts,
    height: down / parts,
    turn,
  };
}

/** The view that shows a crop; for one of another frame the nearest that there is. */
export function viewOf(crop: CropJson | null, photo: Size, frame: Size): CropView {
  if (!crop) return wholePhoto;
  const { reach } = fitOf(crop.turn, photo, frame);
  const scale = 1 / (reach.x <= reach.y ? crop.width : crop.height);
  const view = { scale, x: crop.x + crop.width / 2, y: crop.y + crop.height / 2, turn: crop.turn };
  return bounded(view, photo, frame);
}

/**
 * CSS for an `<img>` of the upright photo in a positioned frame, in percentages of the frame. Only `transform` differs
 * between the views of one photo, so that they can be animated into each other.
 *
 * @param angle - in degrees, for a turn that goes on past a full one
 */
export function placeOf(view: CropView, photo: Size, frame: Size, angle: number = view.turn) {
  const { scale, x, y, turn } = bounded(view, photo, frame);
  const { turned, unit } = fitOf(turn, photo, frame);
  const { unit: uprightUnit } = fitOf(0, photo, frame);
  const width = photo.width * uprightUnit;
  const height = photo.height * uprightUnit;
  const across = frame.width / 2 + (0.5 - x) * turned.width * unit * scale - width / 2;
  const down = frame.height / 2 + (0.5 - y) * turned.height * unit * scale - height / 2;
  const larger = Number(((scale * unit) / uprightUnit).toFixed(5));
  return {
    // Left is left in a picture, also where a page is written from the right.
    inset: "0px auto auto 0px",
    width: percent(width / frame.width),
    height: percent(height / frame.height),
    transform: `translate(${percent(across / width)}, ${percent(down / height)}) rotate(${angle}deg) scale(${larger})`,
  };
}

const percent = (fraction: number) => `${Number((fraction * 100).toFixed(4))}%`;

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
