import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  closest,
  fitted,
  magnifiedAt,
  moved,
  whole,
  type Box,
  type Magnified,
} from "../../extensions/pet-processor/src/result/result-magnify.ts";

const side = fc.integer({ min: 40, max: 4000 });
const box = fc.record({ width: side, height: side });
const offset = fc.double({ min: -3000, max: 3000, noNaN: true });
const point = fc.record({ x: offset, y: offset });
const deed = fc.oneof(
  fc.record({ by: fc.double({ min: 0, max: 10, noNaN: true }), at: point }),
  fc.record({ move: point }),
);

type Deed = { by: number; at: { x: number; y: number } } | { move: { x: number; y: number } };

const after = (deeds: Deed[], picture: Box, view: Box): Magnified =>
  deeds.reduce(
    (now, one) =>
      "move" in one ? moved(now, one.move, picture, view) : magnifiedAt(now, one.by, one.at, picture, view),
    whole,
  );

describe("the look from near", () => {
  it("shows the picture whole at first, touching two sides", () => {
    expect(fitted({ width: 800, height: 1000 }, { width: 400, height: 2000 })).toEqual({ width: 400, height: 500 });
    fc.assert(
      fc.property(box, box, (picture, view) => {
        const { width, height } = fitted(picture, view);
        expect(Math.max(width / view.width, height / view.height)).toBeCloseTo(1, 9);
        expect(width / height).toBeCloseTo(picture.width / picture.height, 6);
      }),
    );
  });

  it("never goes nearer or farther than it may, nor lets an empty edge in", () => {
    fc.assert(
      fc.property(box, box, fc.array(deed, { maxLength: 20 }), (natural, view, deeds) => {
        const picture = fitted(natural, view);
        const { scale, x, y } = after(deeds, picture, view);
        expect(scale).toBeGreaterThanOrEqual(1);
        expect(scale).toBeLessThanOrEqual(closest);
        for (const [offset, side, window] of [
          [x, picture.width * scale, view.width],
          [y, picture.height * scale, view.height],
        ] as const) {
          // Filling the window where it can, in its middle where it cannot.
          expect(Math.abs(offset)).toBeLessThanOrEqual(Math.max(0, (side - window) / 2) + 1e-6);
        }
      }),
    );
  });

  it("keeps under the finger what lies there, as long as no edge comes in", () => {
    const picture = { width: 1000, height: 1000 };
    const within = fc.record({
      x: fc.double({ min: -400, max: 400, noNaN: true }),
      y: fc.double({ min: -400, max: 400, noNaN: true }),
    });
    fc.assert(
      fc.property(within, fc.double({ min: 1, max: 4, noNaN: true }), (at, by) => {
        const { scale, x, y } = magnifiedAt(whole, by, at, picture, picture);
        expect((at.x - x) / scale).toBeCloseTo(at.x, 6);
        expect((at.y - y) / scale).toBeCloseTo(at.y, 6);
      }),
    );
  });

  it("comes back to the whole", () => {
    const view = { width: 300, height: 500 };
    const near = magnifiedAt(whole, 3, { x: 80, y: -40 }, view, view);
    expect(near.scale).toBe(3);
    expect(magnifiedAt(near, 0, { x: -10, y: 99 }, view, view)).toEqual(whole);
  });
});
