import { describe, expect, it } from "vitest";
import { decodeMemory } from "./decode-memory.ts";

type Header = Parameters<typeof decodeMemory>[0];

const of = (format: Header["format"], megapixels: number, facts: Partial<Header> = {}): Header => ({
  format,
  width: megapixels * 1000,
  height: 1000,
  channels: 3,
  depth: "uchar",
  isProgressive: false,
  hasAlpha: false,
  chromaSubsampling: "4:2:0",
  ...facts,
});
const scans = { isProgressive: true } as const;
const cmyk = { channels: 4, chromaSubsampling: "4:4:4:4" } as const;
const deep = { channels: 4, depth: "ushort", hasAlpha: true } as const;

describe("the memory that a photo needs", () => {
  it.each([
    ["a JPEG", of("jpeg", 48), 63],
    ["a JPEG that is turned upright", of("jpeg", 48, { chromaSubsampling: "4:2:0" }), 82],
    ["a JPEG in scans", of("jpeg", 12, scans), 56],
    ["a JPEG in scans", of("jpeg", 24, scans), 111],
    ["a JPEG in scans", of("jpeg", 48, scans), 198],
    ["a JPEG in scans with all its colour", of("jpeg", 12, { ...scans, chromaSubsampling: "4:4:4" }), 95],
    ["a JPEG in scans with all its colour", of("jpeg", 48, { ...scans, chromaSubsampling: "4:4:4" }), 351],
    ["a CMYK JPEG in scans", of("jpeg", 12, { ...scans, ...cmyk }), 148],
    ["a CMYK JPEG in scans", of("jpeg", 24, { ...scans, ...cmyk }), 274],
    ["a PNG", of("png", 48), 39],
    ["a deep PNG", of("png", 24, deep), 64],
    ["an interlaced PNG", of("png", 48, scans), 169],
    ["an interlaced, deep PNG", of("png", 24, { ...scans, ...deep }), 229],
    ["an interlaced, deep PNG", of("png", 48, { ...scans, ...deep }), 436],
    ["a WebP with alpha", of("webp", 12, { channels: 4, hasAlpha: true }), 119],
    ["a WebP without losses", of("webp", 48), 263],
    ["an AVIF", of("heif", 12), 230],
    ["an AVIF", of("heif", 48), 884],
    ["an AVIF of 12 bits", of("heif", 24, { depth: "ushort" }), 606],
  ])("of %s (%#) is told above what was measured, and not twice that and a half", (_, header, measuredMb) => {
    const toldMb = decodeMemory(header) / 1e6;
    expect(toldMb).toBeGreaterThanOrEqual(measuredMb);
    expect(toldMb).toBeLessThan(measuredMb * 2.5);
  });
});
