import type { RawPicture } from "../picture-codec.ts";
import type { Place } from "./arrange-pets.ts";

export type VisiblePart = {
  box: Place;
  solidity: number;
  /** Sides of the photo at which the pet was cut off. */
  cutOff: { left: boolean; right: boolean; top: boolean; bottom: boolean };
};

/** Alpha (of 255) from which a pixel counts as pet. */
const visible = 40;
/** Share of a side that the pet must cover before it counts as cut off there. */
const contact = 0.04;

/** Finds the pet in its picture; undefined for one that is all but empty. */
export function visiblePart({ data, width, height }: RawPicture): VisiblePart | undefined {
  let [left, right, top, bottom, area] = [width, -1, height, -1, 0];
  const alphaAt = (x: number, y: number) => data[(y * width + x) * 4 + 3]!;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (alphaAt(x, y) < visible) continue;
      area++;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  if (area < 64) return undefined;
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  const share = (length: number, at: (i: number) => number) => {
    let count = 0;
    for (let i = 0; i < length; i++) if (at(i) >= visible) count++;
    return count / length > contact;
  };
  return {
    box,
    solidity: area / (box.width * box.height),
    cutOff: {
      left: share(height, (i) => alphaAt(0, i)),
      right: share(height, (i) => alphaAt(width - 1, i)),
      top: share(width, (i) => alphaAt(i, 0)),
      bottom: share(width, (i) => alphaAt(i, height - 1)),
    },
  };
}
