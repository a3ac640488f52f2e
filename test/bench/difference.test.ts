import { describe, expect, it } from "vitest";
import { differenceOf } from "./difference.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe("a difference", () => {
  it.each([
    // The ranks as tables of the sign test have them: n, first and last within 95 %.
    [6, 1, 6],
    [10, 2, 9],
    [20, 6, 15],
    [25, 8, 18],
  ])("of %i pairs lies between the ranks %i and %i", (n, from, to) => {
    expect(differenceOf(upTo(n).toReversed())).toMatchObject({ n, from, to });
  });

  it("has the middle of an odd number, and between the two of an even one", () => {
    expect([differenceOf([3, 1, 2]).p50, differenceOf([4, 1, 2, 3]).p50]).toEqual([2, 2.5]);
  });

  it("is told from zero where nearly all pairs say so, and not where they do not", () => {
    const tells = ({ from, to }: { from: number; to: number }) => from > 0 || to < 0;
    expect(tells(differenceOf([...upTo(15), -1, -2, -3, -4, -5]))).toBe(true);
    expect(tells(differenceOf([...upTo(14), -1, -2, -3, -4, -5, -6]))).toBe(false);
  });
});
