import type { Size } from "../raster.ts";

/** The visible part of a pet's picture, pixels of that picture, and what of it the photo cut off. */
export type PetShape = Size & {
  /** Share of the box that is pet; 1 for a photo with its background. */
  solidity: number;
  cutBelow: boolean;
};

export type Place = { x: number; y: number; width: number; height: number };

/** Shares of the canvas. */
const margin = { side: 0.055, top: 0.075, bottom: 0.085 };
/** How much of the narrower of two neighbours one covers. */
const overlap = 0.2;
/** A pet this much wider than tall is shown in tiers, for side by side it would become a stripe. */
const wideShape = 1.2;

/**
 * Where each of one to three pets goes on the canvas, in pixels, drawn in the order given. Neighbours look equally large
 * (by the area of pet, not of boxes), overlap a little, and the group fills the picture and stands a little low, as in a
 * family photo.
 */
export function arrangePets(pets: PetShape[], canvas: Size): Place[] {
  const even = pets.map((pet) => {
    const scale = 1 / Math.sqrt(pet.width * pet.height * pet.solidity);
    return { width: pet.width * scale, height: pet.height * scale };
  });
  return fitGroup(
    groupOf(even),
    canvas,
    pets.some((pet) => pet.cutBelow),
  );
}

/** Places in units of their own, to be scaled as one. */
function groupOf(sizes: Size[]): Place[] {
  const [first, second, third] = sizes;
  if (first === undefined) return [];
  if (second === undefined) return [{ x: 0, y: 0, ...first }];
  const wide = sizes.reduce((sum, size) => sum + size.width / size.height, 0) / sizes.length > wideShape;
  if (third === undefined) return wide ? inTiers([first, second]) : sideBySide([first, second]);
  return wide ? inTiers([first, second, third]) : pyramid(first, second, third);
}

function sideBySide(sizes: Size[]): Place[] {
  const ground = Math.max(...sizes.map((size) => size.height));
  let x = 0;
  return sizes.map((size, i) => {
    if (i > 0) x -= overlap * Math.min(size.width, sizes[i - 1]!.width);
    const place = { x, y: ground - size.height, ...size };
    x += size.width;
    return place;
  });
}

/** One behind and above, two in front: the row of three would leave half of an upright canvas empty. */
function pyramid(behind: Size, left: Size, right: Size): Place[] {
  const front = sideBySide([left, right]);
  const frontWidth = Math.max(...front.map((place) => place.x + place.width));
  const lift = behind.height * 0.52;
  const top = Math.min(...front.map((place) => place.y));
  return [{ x: (frontWidth - behind.width) / 2, y: top - lift, ...behind }, ...front];
}

/** Each lower and nearer than the one before, swaying left and right. */
function inTiers(sizes: Size[]): Place[] {
  const widest = Math.max(...sizes.map((size) => size.width));
  let y = 0;
  return sizes.map((size, i) => {
    const sway = (i % 2 === 0 ? 0 : 0.16) * widest;
    const place = { x: (widest - size.width) / 2 + sway, y, ...size };
    y += size.height * 0.7;
    return place;
  });
}

function fitGroup(group: Place[], canvas: Size, cutBelow: boolean): Place[] {
  const left = Math.min(...group.map((place) => place.x));
  const top = Math.min(...group.map((place) => place.y));
  const width = Math.max(...group.map((place) => place.x + place.width)) - left;
  const height = Math.max(...group.map((place) => place.y + place.height)) - top;
  const room = {
    width: canvas.width * (1 - 2 * margin.side),
    height: canvas.height * (1 - margin.top - margin.bottom),
  };
  const scale = Math.min(room.width / width, room.height / height);
  const spare = canvas.height - height * scale;
  // A pet that the photo cut off below fades out, and looks best sitting on the lower margin; a whole one stands a bit low.
  const y = cutBelow ? Math.min(spare - canvas.height * margin.bottom * 0.55, spare * 0.62) : spare * 0.52;
  const x = (canvas.width - width * scale) / 2;
  return group.map((place) => ({
    x: x + (place.x - left) * scale,
    y: y + (place.y - top) * scale,
    width: place.width * scale,
    height: place.height * scale,
  }));
}
