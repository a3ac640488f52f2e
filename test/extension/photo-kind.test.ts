import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileType, sniffBytes as serverSniffs } from "#app/photos/file-type.ts";
import { isAccepted, kindOf, sniffBytes } from "../../extensions/pet-processor/src/photo/photo-kind.ts";

const signs = ["\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "RIFF", "WEBP", "WAVE", "\0\0\0\x20", "ftyp", "\0\0\0\0", "GIF89a"];
const brands = ["avif", "avis", "heic", "heix", "hevc", "mif1", "msf1", "miaf", "qt  ", "isom"];

/** Pieces of true signatures in any order, cut anywhere: more of them mean something than of any bytes. */
const heads = fc
  .tuple(fc.array(fc.constantFrom(...signs, ...brands), { maxLength: 12, size: "max" }), fc.nat(40))
  .map(([parts, end]) => Buffer.from(parts.join("").slice(0, end), "latin1"));
const isoHeads = fc
  .array(fc.constantFrom(...brands), { minLength: 1, maxLength: 8, size: "max" })
  .map(([own = "", ...others]) => Buffer.from(`\0\0\0\x20ftyp${own}\0\0\0\0${others.join("")}`, "latin1"));

describe("the kind of a file", () => {
  it("is what the server will say that it is, to the byte", () => {
    expect(sniffBytes).toBe(serverSniffs);
    fc.assert(
      fc.property(fc.oneof(heads, isoHeads, fc.uint8Array({ maxLength: 40 })), (bytes) => {
        expect(kindOf(Uint8Array.from(bytes))).toBe(fileType(Buffer.from(bytes)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["jpeg", true],
    ["png", true],
    ["webp", true],
    ["avif", true],
    ["heic", false],
    ["other", false],
  ] as const)("%s is read by the server: %s", (kind, isRead) => expect(isAccepted(kind)).toBe(isRead));
});
