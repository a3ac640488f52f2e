import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenCountsOf } from "./token-usage.ts";

type Usage = Record<string, unknown>;
const read = (usage: Usage | undefined, pictureCame = true) => tokenCountsOf(usage, { pictureCame });

const full: Usage = {
  promptTokenCount: 1180,
  promptTokensDetails: [
    { modality: "TEXT", tokenCount: 60 },
    { modality: "IMAGE", tokenCount: 1120 },
  ],
  candidatesTokenCount: 1150,
  candidatesTokensDetails: [
    { modality: "IMAGE", tokenCount: 1120 },
    { modality: "TEXT", tokenCount: 30 },
  ],
  thoughtsTokenCount: 400,
  totalTokenCount: 2730,
};

describe("reported tokens", () => {
  it("are read by kind, with thoughts beside them", () => {
    expect(read(full)).toEqual({ inputText: 60, inputImage: 1120, outputText: 30, outputImage: 1120, thinking: 400 });
  });

  it("are a picture's where no kind is given, or where the kinds do not add up to the whole", () => {
    expect(read({ promptTokenCount: 100, candidatesTokenCount: 1120 })).toMatchObject({
      inputText: 0,
      inputImage: 100,
      outputText: 0,
      outputImage: 1120,
    });
    const details = [{ modality: "TEXT", tokenCount: 60 }];
    expect(read({ ...full, promptTokensDetails: details })).toMatchObject({ inputText: 60, inputImage: 1120 });
    const odd = [{ modality: "AUDIO", tokenCount: 5 }, { tokenCount: 7 }, null];
    expect(read({ ...full, promptTokensDetails: odd })).toMatchObject({ inputText: 0, inputImage: 1180 });
  });

  it("are thoughts where only the total has them", () => {
    expect(read({ ...full, thoughtsTokenCount: undefined })).toMatchObject({ thinking: 400 });
    expect(read({ ...full, totalTokenCount: 2740 })).toMatchObject({ thinking: 410 });
    expect(read({ ...full, totalTokenCount: 1 })).toMatchObject({ thinking: 400 });
  });

  it("count tools as words that went in, and cached words in full", () => {
    const usage = { ...full, toolUsePromptTokenCount: 9, cachedContentTokenCount: 50, totalTokenCount: 2739 };
    expect(read(usage)).toMatchObject({ inputText: 69, thinking: 400 });
  });

  it("that cannot be of this picture are no report", () => {
    const { candidatesTokenCount: _count, candidatesTokensDetails: _details, ...blocked } = full;
    expect(read(blocked, true)).toBeNull();
    expect(read(blocked, false)).toMatchObject({ outputImage: 0, thinking: 400 + 1150 });
    expect(read({ ...blocked, totalTokenCount: 1580 }, false)).toMatchObject({ outputImage: 0, thinking: 400 });
  });

  it.each([undefined, null, 7, {}, { totalTokenCount: 0 }])("that are not there are none: %o", (usage) => {
    expect(read(usage as Usage | undefined, false)).toBeNull();
  });

  it("that no call can have used are no report", () => {
    expect(read({ ...full, promptTokenCount: 10_000_001 })).toBeNull();
    expect(read({ ...full, thoughtsTokenCount: 0.5 })).toBeNull();
    expect(read({ ...full, candidatesTokenCount: -1 })).toBeNull();
  });

  it("are whole, safe and never negative, or none at all, whatever is reported", () => {
    const junk = fc.oneof(fc.nat(20_000_000), fc.integer(), fc.double(), fc.string(), fc.constant(null));
    const details = fc.oneof(
      junk,
      fc.array(fc.oneof(junk, fc.record({ modality: fc.constantFrom("TEXT", "IMAGE", "X", 7), tokenCount: junk }))),
    );
    const usage = fc.record(
      {
        promptTokenCount: junk,
        candidatesTokenCount: junk,
        thoughtsTokenCount: junk,
        toolUsePromptTokenCount: junk,
        totalTokenCount: junk,
        promptTokensDetails: details,
        candidatesTokensDetails: details,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(usage, fc.boolean(), (reported, pictureCame) => {
        const tokens = read(reported, pictureCame);
        for (const count of Object.values(tokens ?? {})) {
          expect(Number.isSafeInteger(count)).toBe(true);
          expect(count).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("are never fewer than the total that was reported", () => {
    const count = fc.nat(5_000);
    fc.assert(
      fc.property(count, count, count, count, count, (prompt, output, thoughts, total, part) => {
        const tokens = read(
          {
            promptTokenCount: prompt,
            promptTokensDetails: [{ modality: "TEXT", tokenCount: part }],
            candidatesTokenCount: output,
            thoughtsTokenCount: thoughts,
            totalTokenCount: total,
          },
          false,
        );
        const sum = Object.values(tokens ?? {}).reduce((all, kind) => all + kind, 0);
        if (tokens !== null) expect(sum).toBeGreaterThanOrEqual(Math.max(total, prompt + output + thoughts));
      }),
    );
  });
});
