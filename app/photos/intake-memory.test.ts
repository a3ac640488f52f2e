import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intakeMemory } from "./intake-memory.ts";
import { directPhotoLimits } from "./limits.ts";

const MiB = 1024 * 1024;

describe("the memory for photos", () => {
  it.each([
    [256, 50, 100],
    [512, 102, 153],
    [1024, 281, 421],
    [2048, 639, 958],
  ])("of %i MiB is %i MB for uploads and %i MB for pixels", (memory, uploads, pixels) => {
    const { uploadBytes, pixelBytes } = intakeMemory(memory * MiB);
    expect([uploadBytes, pixelBytes].map((bytes) => Math.floor(bytes / 1e6))).toEqual([uploads, pixels]);
  });

  it("leaves the house what it needs at rest, and always has room for one photo", () => {
    fc.assert(
      fc.property(fc.integer({ min: 512 * MiB, max: 64 * 1024 * MiB }), (memory) => {
        const { uploadBytes, pixelBytes } = intakeMemory(memory);
        expect(uploadBytes + pixelBytes + 230_000_000).toBeLessThan(memory);
        expect(uploadBytes).toBeGreaterThanOrEqual(directPhotoLimits.maxBytes);
      }),
    );
  });
});
