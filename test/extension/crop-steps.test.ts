import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wholePhoto, type CropView } from "../../extensions/pet-processor/src/crop/crop-geometry.ts";
import { commandOf } from "../../extensions/pet-processor/src/crop/crop-keys.ts";
import { firstStep, isSame, settled, stepBack, stepTo } from "../../extensions/pet-processor/src/crop/crop-steps.ts";

const at = (scale: number): CropView => ({ ...wholePhoto, scale });

describe("the steps of a crop", () => {
  const gestures = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5, size: "max" }), {
    maxLength: 40,
    size: "max",
  });

  it("lead back one gesture at a time, through every view that one ended with, to the first", () => {
    fc.assert(
      fc.property(gestures, (all) => {
        let steps = firstStep(wholePhoto);
        const ends = [wholePhoto];
        for (const scales of all) {
          const gesture = {};
          for (const scale of scales) steps = stepTo(steps, at(scale), gesture);
          steps = settled(steps);
          if (!isSame(steps.view, ends.at(-1) as CropView)) ends.push(steps.view);
        }
        while (ends.length > 0) {
          expect(steps.view).toEqual(ends.pop());
          expect(steps.past).toHaveLength(Math.max(0, ends.length));
          steps = stepBack(steps);
        }
        expect(stepBack(steps).view).toEqual(wholePhoto);
      }),
    );
  });

  it("do not count a gesture that came back to where it began, nor a move that moved nothing", () => {
    const gesture = {};
    const back = [2, 3, 1].reduce((steps, scale) => stepTo(steps, at(scale), gesture), firstStep(at(1)));
    expect(settled(back).past).toEqual([]);
    expect(stepTo(firstStep(at(2)), at(2), {}).past).toEqual([]);
  });

  it("end an unfinished gesture when they are undone in the middle of it", () => {
    expect(stepBack(stepTo(firstStep(at(1)), at(2), {})).view).toEqual(at(1));
  });

  it("are fifty at most", () => {
    let steps = firstStep(wholePhoto);
    for (let scale = 2; scale < 80; scale += 1) steps = settled(stepTo(steps, at(scale), {}));
    expect(steps.past).toHaveLength(50);
  });
});

describe("a key on the stage", () => {
  const press = (key: string, held: Partial<Parameters<typeof commandOf>[0]> = {}) =>
    commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

  it.each([
    ["+", "in"],
    ["=", "in"],
    ["-", "out"],
    ["_", "out"],
    ["r", "turn"],
    ["R", "turn"],
    ["0", "whole"],
    ["ArrowLeft", "left"],
    ["ArrowDown", "down"],
    ["Enter", null],
    ["z", null],
    ["toString", null],
  ])("%s is %s", (key, command) => {
    expect(press(key)).toBe(command);
  });

  it("is the browser's with Ctrl, ⌘ or Alt, except for undo", () => {
    const held = ["ctrlKey", "metaKey"].map((name) => ["z", "+", "0", "r"].map((key) => press(key, { [name]: true })));
    expect(held).toEqual([
      ["undo", null, null, null],
      ["undo", null, null, null],
    ]);
    expect([press("Z", { ctrlKey: true, shiftKey: true }), press("ArrowLeft", { altKey: true })]).toEqual([null, null]);
  });
});
