import { describe, expect, it } from "vitest";
import { fileType } from "./file-type.ts";

const iso = (...brands: string[]) =>
  Buffer.concat([Buffer.from([0, 0, 0, 32]), Buffer.from(`ftyp${brands[0] ?? ""}\0\0\0\0${brands.slice(1).join("")}`)]);

describe("the type of a file", () => {
  it.each([
    ["jpeg", Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ["png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ["webp", Buffer.from("RIFF\x10\0\0\0WEBPVP8 ", "latin1")],
    ["avif", iso("avif", "mif1", "miaf")],
    ["avif", iso("mif1", "mif1", "avif")],
    ["heic", iso("heic", "mif1")],
    ["heic", iso("mif1", "heic")],
    ["heic", iso("msf1", "hevc")],
    ["other", iso("qt  ")],
    ["other", Buffer.from("RIFF\x10\0\0\0WAVEfmt ", "latin1")],
    ["other", Buffer.from("GIF89a")],
    ["other", Buffer.from("<svg ")],
    ["other", Buffer.from([0xff, 0xd8])],
    ["other", Buffer.alloc(0)],
  ])("is %s by its first bytes", (type, head) => expect(fileType(head)).toBe(type));
});
