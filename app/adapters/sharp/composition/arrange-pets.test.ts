import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrangePets, type PetShape } from "./arrange-pets.ts";

const canvas = { width: 1024, height: 1280 };

const shapes: fc.Arbitrary<PetShape> = fc.record({
  width: fc.integer({ min: 40, max: 1536 }),
  height: fc.integer({ min: 40, max: 1536 }),
  solidity: fc.double({ min: 0.2, max: 1, noNaN: true }),
  cutBelow: fc.boolean(),
});

describe("the arrangement of pets", () => {
  it("stays inside the canvas and keeps every pet's proportions", () => {
    fc.assert(
      fc.property(fc.array(shapes, { minLength: 1, maxLength: 3 }), (pets) => {
        arrangePets(pets, canvas).forEach((place, i) => {
          expect(place.x).toBeGreaterThanOrEqual(0);
          expect(place.y).toBeGreaterThanOrEqual(0);
          expect(place.x + place.width).toBeLessThanOrEqual(canvas.width + 1e-6);
          expect(place.y + place.height).toBeLessThanOrEqual(canvas.height + 1e-6);
          expect(place.width / place.height / (pets[i]!.width / pets[i]!.height)).toBeCloseTo(1, 6);
        });
      }),
    );
  });

  it("shows as much of one pet as of the other", () => {
    const pets = [
      { width: 200, height: 800, solidity: 0.8, cutBelow: false },
      { width: 900, height: 900, solidity: 0.4, cutBelow: false },
    ];
    const [first, second] = arrangePets(pets, canvas).map((place, i) => place.width * place.height * pets[i]!.solidity);
    expect(first! / second!).toBeCloseTo(1, 6);
  });

  it("lets neighbours overlap a little", () => {
    const bust = { width: 500, height: 600, solidity: 0.6, cutBelow: true };
    const [left, right] = arrangePets([bust, bust], canvas);
    const shared = left!.x + left!.width - right!.x;
    expect(shared).toBeGreaterThan(0.1 * left!.width);
    expect(shared).toBeLessThan(0.35 * left!.width);
  });

  it("fills the canvas with a single pet", () => {
    const [place] = arrangePets([{ width: 400, height: 500, solidity: 0.7, cutBelow: false }], canvas);
    expect(Math.max(place!.width / canvas.width, place!.height / canvas.height)).toBeGreaterThan(0.83);
  });
});
