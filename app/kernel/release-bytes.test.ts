import { describe, expect, it } from "vitest";
import { releaseBytes } from "./release-bytes.ts";

describe("a piece of a stream that was read", () => {
  it("is empty, and its memory given back", () => {
    const piece = new Uint8Array(65_536).fill(7);
    const { buffer } = piece;
    releaseBytes(piece);
    expect([piece.byteLength, buffer.detached]).toEqual([0, true]);
  });

  it("is left alone where others may look into the same memory", () => {
    const pool = new Uint8Array(8192).fill(7);
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(7);
    for (const piece of [pool.subarray(0, 4), pool.subarray(8188), shared]) {
      releaseBytes(piece);
      expect([...piece]).toEqual([7, 7, 7, 7]);
    }
  });

  it("can be one that holds nothing", () => {
    expect(() => releaseBytes(new Uint8Array())).not.toThrow();
  });
});
