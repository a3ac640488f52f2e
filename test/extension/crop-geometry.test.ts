import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cropSchema } from "#app/http/storefront-api.ts";
import {
  bounded,
  cropOf,
  fitOf,
  frameOf,
  placeOf,
  viewOf,
  wholePhoto,
  type CropView,
  type Size,
} from "../../extensions/pet-processor/src/crop/crop-geometry.ts";
import {
  commanded,
  held,
  placed,
  shareOf,
  toggled,
  turned,
  type CropCommand,
} from "../../extensions/pet-processor/src/crop/crop-moves.ts";

const ratios = ["4/5", "3/4", "2/3", "1/1", "5/4", "4/3", "3/2"];
/** Photos as the server takes them: 256 pixels or more on a side, and not longer than four times their width. */
const photos = fc
  .record({ width: fc.integer({ min: 256, max: 8000 }), height: fc.integer({ min: 256, max: 8000 }) })
  .filter(({ width, height }) => Math.max(width, height) <= 4 * Math.min(width, height));
const frames = fc.constantFrom(...ratios).map(frameOf);
const views = fc.record({
  scale: fc.double({ min: 0.2, max: 40, noNaN: true }),
  x: fc.double({ min: -1, max: 2, noNaN: true }),
  y: fc.double({ min: -1, max: 2, noNaN: true }),
  turn: fc.constantFrom<CropView["turn"][]>(0, 90, 180, 270),
});
const points = fc.record({
  x: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  y: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
});
const commands: CropCommand[] = ["in", "out", "turn", "whole", "left", "right", "up", "down"];
type Move = (view: CropView, scene: { photo: Size; frame: Size }) => CropView;
const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.constantFrom(...commands).map(
    (command): Move =>
      (view, scene) =>
        commanded(view, scene, command),
  ),
  fc.record({ from: points, to: points, factor: fc.double({ min: 0.1, max: 10, noNaN: true }) }).map(
    (grip): Move =>
      (view, scene) =>
        held(view, scene, grip),
  ),
  points.map(
    (at): Move =>
      (view, scene) =>
        toggled(view, scene, at),
  ),
  fc.tuple(fc.constantFrom("x" as const, "y" as const), fc.double({ min: 0, max: 1, noNaN: true })).map(
    ([axis, share]): Move =>
      (view, scene) =>
        placed(view, scene, axis, share),
  ),
);

/** A crop's sides in pixels of the turned photo. */
function pixelsOf(view: CropView, photo: Size, frame: Size): Size {
  const crop = cropOf(view, photo, frame) ?? { width: 1, height: 1 };
  const { turned } = fitOf(view.turn, photo, frame);
  return { width: crop.width * turned.width, height: crop.height * turned.height };
}

describe("the crop of a view", () => {
  it("is one that the server takes: inside the photo, and not smaller than a painter can use", () => {
    fc.assert(
      fc.property(views, photos, frames, (view, photo, frame) => {
        const crop = cropOf(view, photo, frame);
        if (crop) expect(cropSchema.safeParse(crop).success).toBe(true);
        const { width, height } = pixelsOf(view, photo, frame);
        // A ten-thousandth of a side may be lost in rounding the longer side.
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(256 - 8000 / 10_000);
      }),
    );
  });

  it("comes back the same from the view that it is shown with", () => {
    fc.assert(
      fc.property(views, photos, frames, (view, photo, frame) => {
        const crop = cropOf(view, photo, frame);
        expect(cropOf(viewOf(crop, photo, frame), photo, frame)).toEqual(crop);
      }),
    );
  });

  it("stays in the photo after any moves, and in the frame no side is free that the photo could fill", () => {
    fc.assert(
      fc.property(photos, frames, fc.array(moves, { maxLength: 20, size: "max" }), (photo, frame, all) => {
        const view = all.reduce((at, move) => move(at, { photo, frame }), wholePhoto);
        const { scale, x, y, turn } = bounded(view, photo, frame);
        const { reach, most } = fitOf(turn, photo, frame);
        expect(scale).toBeGreaterThanOrEqual(1);
        expect(scale).toBeLessThanOrEqual(most);
        for (const [centre, seen] of [
          [x, reach.x / scale],
          [y, reach.y / scale],
        ] as const) {
          const from = centre - seen / 2;
          const isFree = from < -1e-9 || from + seen > 1 + 1e-9;
          // Free on one side only where the photo cannot fill the other: it then lies in the middle.
          if (isFree) expect([seen > 1, centre]).toEqual([true, 0.5]);
        }
      }),
    );
  });

  it("is the same after four turns", () => {
    fc.assert(
      fc.property(views, photos, frames, (view, photo, frame) => {
        const start = bounded(view, photo, frame);
        const around = [1, 2, 3, 4].reduce(turned, start);
        expect(cropOf(around, photo, frame)).toEqual(cropOf(start, photo, frame));
      }),
    );
  });

  it("is turned as the photo is: what was on the left is above, and the middle stays the middle", () => {
    const square = { width: 1000, height: 1000 };
    const frame = frameOf("1/1");
    const left = { scale: 2, x: 0.25, y: 0.5, turn: 0 } as const;
    expect(cropOf(left, square, frame)).toEqual({ x: 0, y: 0.25, width: 0.5, height: 0.5, turn: 0 });
    expect(cropOf(turned(left), square, frame)).toEqual({ x: 0.25, y: 0, width: 0.5, height: 0.5, turn: 90 });
  });

  const wide = { width: 1500, height: 1000 };
  const tall = { width: 1000, height: 1500 };
  it.each<[string, CropView, Size, string, object | null]>([
    ["the whole photo", wholePhoto, wide, "4/5", null],
    [
      "the whole photo, turned",
      { ...wholePhoto, turn: 90 },
      wide,
      "4/5",
      { x: 0, y: 0, width: 1, height: 1, turn: 90 },
    ],
    [
      "a wide photo that does not fill the frame yet",
      { ...wholePhoto, scale: 1.25 },
      wide,
      "4/5",
      { x: 0.1, y: 0, width: 0.8, height: 1, turn: 0 },
    ],
    [
      "a wide photo that just fills the frame",
      { ...wholePhoto, scale: 1.875 },
      wide,
      "4/5",
      { x: 0.2333, y: 0, width: 0.5334, height: 1, turn: 0 },
    ],
    [
      "a wide photo far to the right",
      { ...wholePhoto, scale: 1.875, x: 9 },
      wide,
      "4/5",
      { x: 0.4666, y: 0, width: 0.5334, height: 1, turn: 0 },
    ],
    [
      "a tall photo that just fills a square",
      { ...wholePhoto, scale: 1.5 },
      tall,
      "1/1",
      { x: 0, y: 0.1667, width: 1, height: 0.6667, turn: 0 },
    ],
    [
      "no closer than four times what fills the frame",
      { ...wholePhoto, scale: 99 },
      { width: 6000, height: 6000 },
      "1/1",
      { x: 0.375, y: 0.375, width: 0.25, height: 0.25, turn: 0 },
    ],
    [
      "no closer than 256 pixels",
      { ...wholePhoto, scale: 99 },
      { width: 512, height: 512 },
      "1/1",
      { x: 0.25, y: 0.25, width: 0.5, height: 0.5, turn: 0 },
    ],
    ["a photo that is too small to cut", { ...wholePhoto, scale: 99 }, { width: 200, height: 250 }, "4/5", null],
  ])("of %s", (_, view, photo, ratio, crop) => {
    expect(cropOf(view, photo, frameOf(ratio))).toEqual(crop);
  });

  it("takes its shape from the block's ratio, and from nothing that is no ratio", () => {
    expect([frameOf("3/2"), frameOf(""), frameOf("x/0"), frameOf("4/-5")]).toEqual([
      { width: 3, height: 2 },
      ...[1, 2, 3].map(() => ({ width: 4, height: 5 })),
    ]);
  });
});

describe("a hand on the photo", () => {
  const wide = { width: 4000, height: 3000 };
  const scene = { photo: wide, frame: frameOf("4/5") };

  it("keeps the piece under it, as long as no bound is met", () => {
    const start: CropView = { scale: 4, x: 0.5, y: 0.5, turn: 0 };
    const { reach } = fitOf(0, wide, scene.frame);
    const pieceAt = (view: CropView, x: number) => view.x + (x * reach.x) / view.scale;
    const after = held(start, scene, { from: { x: 0.2, y: 0 }, to: { x: 0.3, y: 0 }, factor: 1.5 });
    expect(after.scale).toBe(6);
    expect(pieceAt(after, 0.3)).toBeCloseTo(pieceAt(start, 0.2), 10);
  });

  it("stops on the way in and out where the photo fills the frame", () => {
    const scales: number[] = [];
    let view = wholePhoto;
    for (const command of ["in", "in", "in", "out", "out", "out"] as const) {
      view = commanded(view, scene, command);
      scales.push(Number(view.scale.toFixed(4)));
    }
    const filling = Number((5 / 3).toFixed(4));
    expect(scales).toEqual([1.25, 1.5625, filling, 1.3333, 1.0667, 1]);
  });

  it("toggles with a double tap between the whole and the full frame, where the tap was", () => {
    const full = toggled(wholePhoto, scene, { x: 0.4, y: 0 });
    expect(cropOf(full, wide, scene.frame)).toMatchObject({ width: 0.6, height: 1, x: expect.closeTo(0.36, 3) });
    expect(cropOf(toggled(full, scene, { x: 0, y: 0 }), wide, scene.frame)).toBeNull();
    // Of the frame's own shape: there it has nothing to fill, and comes closer.
    const same = { photo: { width: 800, height: 1000 }, frame: scene.frame };
    expect(toggled(wholePhoto, same, { x: 0, y: 0 }).scale).toBe(2);
  });

  it("is told how far along the photo it is, and can be put there", () => {
    fc.assert(
      fc.property(views, photos, frames, fc.double({ min: 0, max: 1, noNaN: true }), (view, photo, frame, share) => {
        for (const axis of ["x", "y"] as const) {
          const at = shareOf(view, { photo, frame }, axis);
          const there = shareOf(placed(view, { photo, frame }, axis, share), { photo, frame }, axis);
          if (at !== null) expect(there).toBeCloseTo(share, 6);
          else expect(there).toBeNull();
        }
      }),
    );
  });
});

describe("the place of a photo in its frame", () => {
  it("is the whole frame's width for a wide photo at rest, and in the middle of its height", () => {
    expect(placeOf(wholePhoto, { width: 1500, height: 1000 }, frameOf("4/5"))).toEqual({
      inset: "0px auto auto 0px",
      width: "100%",
      height: "53.3333%",
      transform: "translate(0%, 43.75%) rotate(0deg) scale(1)",
    });
  });

  it("has the same size in all views of a photo, so that one can move into the other", () => {
    fc.assert(
      fc.property(views, views, photos, frames, (one, other, photo, frame) => {
        const a = placeOf(one, photo, frame);
        const b = placeOf(other, photo, frame);
        expect([a.width, a.height]).toEqual([b.width, b.height]);
      }),
    );
  });
});
