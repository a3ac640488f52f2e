/**
 * What is wrong with a photo, measured on a small copy of it. A warning that is wrong costs more trust than a warning
 * that is missing: where a measure is not sure it says nothing. The numbers were found on real photos of animals, sharp,
 * blurred and darkened; docs/decisions/026 has the table.
 */
export type PhotoFlaw = "small" | "dark" | "blurred";

export type Pixels = {
  /** Red, green, blue, alpha, row by row. */
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
};

type Grey = { luma: Float32Array; width: number; height: number };

/** Longest side of the copy that is measured, pixels. */
export const measuredSide = 512;

/** Shortest side under which a portrait of the photo lacks detail, pixels. */
const smallSide = 640;

/** A photo whose brightest fiftieth is darker than this (0 to 255) has no light in it. A black dog in good light has. */
const darkestHighlight = 85;

const tileSide = 32;
/** Grey levels from pixel to pixel, on average and in each direction: a tile with less has nothing to judge by. */
const leastContrast = 1;
/** A sharp photo has 0.75 and more, one that is blurred by a hundredth of its side less than 0.4. */
const leastSharpness = 0.4;
/** The third sharpest tile decides: one may be a speck or a line of text, three are a face. */
const decidingTile = 2;

/** @param shortestSide - of the photo itself, upright or not, pixels */
export function flawsOf(copy: Pixels, shortestSide: number): PhotoFlaw[] {
  const grey = greyOf(copy);
  const flaws: [PhotoFlaw, boolean][] = [
    ["small", isSmall(shortestSide)],
    ["dark", isDark(grey)],
    ["blurred", isBlurred(grey)],
  ];
  return flaws.filter(([, isSo]) => isSo).map(([flaw]) => flaw);
}

export function isSmall(shortestSide: number): boolean {
  return shortestSide < smallSide;
}

function greyOf({ data, width, height }: Pixels): Grey {
  const luma = new Float32Array(width * height);
  for (let at = 0; at < luma.length; at++) {
    luma[at] = 0.2126 * data[at * 4]! + 0.7152 * data[at * 4 + 1]! + 0.0722 * data[at * 4 + 2]!;
  }
  return { luma, width, height };
}

function isDark({ luma }: Grey): boolean {
  let bright = 0;
  for (const level of luma) if (level >= darkestHighlight) bright++;
  return bright * 50 < luma.length;
}

/**
 * Only the sharpest tiles count: a pet in front of a blurred background is a sharp photo. A photo that has hardly a tile
 * with something in it is not judged.
 */
function isBlurred(grey: Grey): boolean {
  const tiles: number[] = [];
  for (let top = margin; top + tileSide + margin <= grey.height; top += tileSide) {
    for (let left = margin; left + tileSide + margin <= grey.width; left += tileSide) {
      const sharpness = tileSharpness(grey, left, top);
      if (sharpness !== null) tiles.push(sharpness);
    }
  }
  const deciding = tiles.sort((a, b) => b - a)[decidingTile];
  return deciding !== undefined && deciding < leastSharpness;
}

/** How far the blurring reaches that a tile is tried with: a mean of nine pixels. */
const reach = 4;
const margin = reach + 1;

/**
 * How much of the change from pixel to pixel is lost when the tile is blurred, 0 to 1: what is blurred already has little
 * to lose (Crété-Roffet, Dolmiere, Ladret, Nicolas: "The Blur Effect", 2007). It does not depend on the contrast. The
 * worse of the two directions counts: a shake blurs along one of them only. Short ones pass all the same.
 */
function tileSharpness({ luma, width }: Grey, left: number, top: number): number | null {
  let worse = 1;
  for (const step of [1, width]) {
    let change = 0;
    let lost = 0;
    for (let y = top; y < top + tileSide; y++) {
      for (let x = left; x < left + tileSide; x++) {
        const at = y * width + x;
        const here = Math.abs(luma[at]! - luma[at - step]!);
        // Two means of nine, one pixel apart, differ by their outermost pixels only.
        const blurred = Math.abs(luma[at + reach * step]! - luma[at - margin * step]!) / (2 * reach + 1);
        change += here;
        lost += Math.max(0, here - blurred);
      }
    }
    if (change < leastContrast * tileSide * tileSide) return null;
    worse = Math.min(worse, lost / change);
  }
  return worse;
}
