import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portraitKey, portraitObjectName, type PortraitIngredients } from "./portrait-key.ts";

const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const part = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
const crop = fc.record({ x: part, y: part, width: part, height: part, turn: fc.constantFrom(0, 90, 180, 270) });
const word = fc.constantFrom("a", "ab", "b", "", "a,b", '"', "1", "\n");
const ingredients: fc.Arbitrary<PortraitIngredients> = fc.record({
  photos: fc.array(fc.record({ sha256, crop: fc.option(crop) }), { minLength: 1, maxLength: 3 }),
  cutout: word,
  style: word,
  styleRevision: fc.integer({ min: 1, max: 3 }),
  painter: word,
  model: word,
  width: fc.constantFrom(1024, 2048),
  height: fc.constantFrom(1280, 2560),
  take: fc.integer({ min: 1, max: 99 }),
});

describe("the key of a portrait", () => {
  it("is the same for the same ingredients and another for others", () => {
    fc.assert(
      fc.property(ingredients, ingredients, (one, other) => {
        expect(portraitKey("secret", structuredClone(one))).toBe(portraitKey("secret", one));
        const equal = JSON.stringify(one) === JSON.stringify(other);
        expect(portraitKey("secret", one) === portraitKey("secret", other)).toBe(equal);
      }),
      { numRuns: 2_000 },
    );
  });

  it("knows each single ingredient", () => {
    const base: PortraitIngredients = {
      photos: [{ sha256: "a".repeat(64), crop: { x: 0, y: 0, width: 1, height: 1, turn: 0 } }],
      cutout: "classic-1",
      style: "ink_wash",
      styleRevision: 1,
      painter: "preview",
      model: "preview-1",
      width: 1024,
      height: 1280,
      take: 1,
    };
    const [photo] = base.photos;
    const changes: PortraitIngredients[] = [
      { ...base, photos: [...base.photos, ...base.photos] },
      { ...base, photos: [{ sha256: "b".repeat(64), crop: photo?.crop ?? null }] },
      { ...base, photos: [{ sha256: "a".repeat(64), crop: null }] },
      { ...base, photos: [{ sha256: "a".repeat(64), crop: { x: 0, y: 0, width: 1, height: 1, turn: 90 } }] },
      { ...base, photos: [{ sha256: "a".repeat(64), crop: { x: 0.001, y: 0, width: 0.999, height: 1, turn: 0 } }] },
      { ...base, cutout: "classic-2" },
      { ...base, style: "pen_and_marker" },
      { ...base, styleRevision: 2 },
      { ...base, painter: "gemini" },
      { ...base, model: "preview-2" },
      { ...base, width: 1025 },
      { ...base, height: 1281 },
      { ...base, take: 2 },
    ];
    const keys = [base, ...changes].map((each) => portraitKey("secret", each));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("says nothing without the shop's secret", () => {
    fc.assert(
      fc.property(ingredients, (each) => {
        expect(portraitKey("one shop", each)).not.toBe(portraitKey("another shop", each));
        expect(portraitKey("one shop", each)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it("names an object of its own shop", () => {
    expect(portraitObjectName("a.myshopify.com", "k")).toBe("shops/a.myshopify.com/portraits/k");
  });
});
