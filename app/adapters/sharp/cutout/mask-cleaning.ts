import type { Size } from "../raster.ts";

export type CleanedMask = {
  mask: Uint8Array;
  /** Pieces that were large enough to keep. */
  pieces: number;
};

/** Against the largest piece; smaller ones are litter. Another animal of the same photo is larger than this. */
const leastPiece = 0.15;
/** Against all of the mask; larger gaps (between legs) are real. */
const largestHole = 0.012;

/** Smooths a cut's border, drops litter and closes pinholes. */
export function cleanMask(cut: Uint8Array, size: Size): CleanedMask {
  const opened = dilate(erode(cut, size, 2), size, 2);
  const closed = erode(dilate(opened, size, 2), size, 2);
  // Opening eats ears and tails; what the cut had within a little of the opened shape is theirs and comes back.
  const near = dilate(closed, size, 4);
  const whole = closed.map((kept, i) => (kept === 1 || (near[i] === 1 && cut[i] === 1) ? 1 : 0));
  const { mask, pieces } = keepLargePieces(whole, size);
  return { mask: fillHoles(mask, size), pieces };
}

type Piece = { pixels: number[]; touchesFrame: boolean };

function keepLargePieces(mask: Uint8Array, size: Size): CleanedMask {
  const pieces = piecesOf(mask, size, 1);
  const largest = Math.max(0, ...pieces.map((piece) => piece.pixels.length));
  const kept = pieces.filter((piece) => piece.pixels.length >= largest * leastPiece);
  const result = new Uint8Array(mask.length);
  for (const piece of kept) for (const i of piece.pixels) result[i] = 1;
  return { mask: result, pieces: kept.length };
}

function fillHoles(mask: Uint8Array, size: Size): Uint8Array {
  const area = mask.reduce((sum, label) => sum + label, 0);
  const result = mask.slice();
  for (const hole of piecesOf(mask, size, 0)) {
    if (hole.touchesFrame || hole.pixels.length > area * largestHole) continue;
    for (const i of hole.pixels) result[i] = 1;
  }
  return result;
}

/** Connected (four neighbours) groups of pixels that carry `label`. */
export function piecesOf(mask: Uint8Array, { width, height }: Size, label: number): Piece[] {
  const seen = new Uint8Array(mask.length);
  const pieces: Piece[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] !== label || seen[start] === 1) continue;
    const piece: Piece = { pixels: [start], touchesFrame: false };
    seen[start] = 1;
    for (let read = 0; read < piece.pixels.length; read++) {
      const at = piece.pixels[read]!;
      const x = at % width;
      const y = (at - x) / width;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) piece.touchesFrame = true;
      const around = [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, y < height - 1 ? at + width : -1];
      for (const next of around) {
        if (next < 0 || seen[next] === 1 || mask[next] !== label) continue;
        seen[next] = 1;
        piece.pixels.push(next);
      }
    }
    pieces.push(piece);
  }
  return pieces;
}

function erode(mask: Uint8Array, size: Size, times: number): Uint8Array {
  return repeat(mask, size, times, (cross) => Math.min(...cross));
}

function dilate(mask: Uint8Array, size: Size, times: number): Uint8Array {
  return repeat(mask, size, times, (cross) => Math.max(...cross));
}

type Choice = (cross: [number, number, number, number, number]) => number;

function repeat(mask: Uint8Array, { width, height }: Size, times: number, choose: Choice): Uint8Array {
  let from = mask;
  for (let time = 0; time < times; time++) {
    const to = new Uint8Array(from.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        const here = from[at]!;
        to[at] = choose([
          here,
          x > 0 ? from[at - 1]! : here,
          x < width - 1 ? from[at + 1]! : here,
          y > 0 ? from[at - width]! : here,
          y < height - 1 ? from[at + width]! : here,
        ]);
      }
    }
    from = to;
  }
  return from;
}
