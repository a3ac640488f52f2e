import { describe, expect, it } from "vitest";
import { cleanMask, piecesOf } from "./mask-cleaning.ts";

const size = { width: 60, height: 60 };

function maskOf(isPet: (x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 3600 }, (_, i) => (isPet(i % 60, Math.floor(i / 60)) ? 1 : 0));
}

const area = (mask: Uint8Array) => mask.reduce((sum, label) => sum + label, 0);
const disc = (x: number, y: number, cx: number, cy: number, radius: number) => Math.hypot(x - cx, y - cy) <= radius;

describe("cleaning a mask", () => {
  it("closes a pinhole and keeps a real gap", () => {
    const { mask } = cleanMask(
      maskOf((x, y) => disc(x, y, 30, 30, 24) && !disc(x, y, 22, 30, 1) && !disc(x, y, 36, 30, 6)),
      size,
    );
    expect(mask[30 * 60 + 22]).toBe(1);
    expect(mask[30 * 60 + 36]).toBe(0);
  });

  it("throws litter away and keeps a second pet", () => {
    const pets = cleanMask(
      maskOf((x, y) => disc(x, y, 16, 30, 12) || disc(x, y, 46, 30, 8) || disc(x, y, 30, 5, 3)),
      size,
    );
    expect(pets.pieces).toBe(2);
    expect(pets.mask[5 * 60 + 30]).toBe(0);
  });

  it("leaves ears on", () => {
    const { mask } = cleanMask(
      maskOf((x, y) => disc(x, y, 30, 36, 16) || (Math.abs(x - 20) < 2 && y > 14 && y < 36)),
      size,
    );
    expect(mask[21 * 60 + 20]).toBe(1);
  });

  it("gives nothing for nothing", () => {
    const { mask, pieces } = cleanMask(new Uint8Array(3600), size);
    expect([area(mask), pieces]).toEqual([0, 0]);
  });

  it("finds every pixel in exactly one piece", () => {
    const checks = maskOf((x, y) => (x >> 3) % 2 === (y >> 3) % 2);
    const found = [0, 1].flatMap((label) => piecesOf(checks, size, label).flatMap((piece) => piece.pixels));
    expect(found.length).toBe(3600);
    expect(new Set(found).size).toBe(3600);
  });
});
