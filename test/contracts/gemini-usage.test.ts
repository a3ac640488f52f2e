import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { noTokens } from "#app/kernel/token-counts.ts";
import { failureOf, geminiAt, paintRequest, vertexWith } from "#test/builders/gemini.ts";
import type { Fault } from "#test/google/fake-gemini/faults.ts";
import { startFakeGemini, type FakeGemini } from "#test/google/fake-gemini/start-fake-gemini.ts";

/** What comes back from an answer: the right one of several pictures, and everything that was used. */
let fake: FakeGemini;
beforeAll(async () => (fake = await startFakeGemini({ pictures: "flat" })));
beforeEach(() => fake.faults.always(undefined));
afterAll(() => fake.close());

const paint = (fault?: Fault) => {
  if (fault !== undefined) fake.faults.next(fault);
  return geminiAt(fake.url).paint(paintRequest());
};

const isGrey = async (image: Buffer): Promise<boolean> => (await sharp(image).metadata()).channels === 1;

describe("the picture", () => {
  it("is the last one that is not a thought", async () => {
    expect(await isGrey((await paint({ kind: "thoughts" })).image)).toBe(false);
  });

  it("is the last one where even that is flagged as a thought", async () => {
    expect(await isGrey((await paint({ kind: "thoughts", only: true })).image)).toBe(false);
  });

  it("is not a thought of an answer that came to nothing", async () => {
    const onlyThoughts = (answer: Record<string, unknown>) => ({
      ...answer,
      candidates: (answer.candidates as { content: { parts: object[] } }[]).map(({ content }) => ({
        content: { parts: content.parts.map((part) => ({ ...part, thought: true })) },
        finishReason: "NO_IMAGE",
      })),
    });
    expect(await failureOf(paint({ kind: "answer", change: onlyThoughts }))).toMatchObject({ code: "no_picture" });
  });

  it("is taken from an answer that ended oddly and left where it is forbidden", async () => {
    for (const reason of [null, "MAX_TOKENS", "OTHER", "SOMETHING_NEW"])
      expect((await paint({ kind: "finish", reason, keepsPicture: true })).usage.finishReason).toBe(reason);
    for (const reason of ["IMAGE_SAFETY", "PROHIBITED_CONTENT", "IMAGE_RECITATION"])
      expect(await failureOf(paint({ kind: "finish", reason, keepsPicture: true }))).toMatchObject({ kind: "invalid" });
  });

  it.each(["noise", "truncated", "tiny", "wrong shape", "jpeg", "svg"] as const)(
    "is passed on as it came, because others look at it: %s",
    async (what) => expect((await paint({ kind: "picture", what })).image.length).toBeGreaterThan(0),
  );

  it("is not nothing", async () => {
    expect(await failureOf(paint({ kind: "picture", what: "empty" }))).toMatchObject({ code: "no_picture" });
  });
});

describe("usage", () => {
  it.each(["gemini-nano-banana-2.1", "gemini-3.1-flash-lite-image", "gemini-3-pro-image"])(
    "is what %s bills, by kind",
    async (model) => {
      const { usage } = await geminiAt(fake.url, { model }).paint(paintRequest());
      const { used } = fake.bill.lines.at(-1)!;
      expect(usage.tokens).toEqual({
        inputText: used.promptText,
        inputImage: used.promptImage,
        outputText: used.text,
        outputImage: used.image,
        thinking: used.thoughts,
      });
      expect(usage.tokens?.outputImage).toBe(1120);
      expect(usage.finishReason).toBe("STOP");
      expect(usage.providerRequestId).toMatch(/^fake-/);
    },
  );

  it.each([
    { kind: "finish", reason: "IMAGE_SAFETY" },
    { kind: "block", reason: "SAFETY" },
    { kind: "text only", text: "I would rather not." },
    { kind: "no parts" },
    { kind: "no candidates" },
  ] satisfies Fault[])("comes with a failure that is billed: $kind", async (fault) => {
    const { usage, billing } = await failureOf(paint(fault));
    const { used } = fake.bill.lines.at(-1)!;
    expect(billing).toBe("reported");
    expect(usage.tokens).toMatchObject({ inputImage: 1120, inputText: used.promptText, outputText: used.text });
    expect(usage.tokens?.thinking).toBe(used.thoughts);
    expect(usage.providerRequestId).toMatch(/^fake-/);
  });

  it("that is not there leaves a picture unpriced, and a failure perhaps billed in full", async () => {
    expect((await paint({ kind: "usage", change: () => undefined })).usage.tokens).toBeNull();
    const bare = { kind: "body", body: '{"candidates":[{"finishReason":"NO_IMAGE"}]}' } as const;
    expect(await failureOf(paint(bare))).toMatchObject({
      billing: "unknown",
      usage: { tokens: null, finishReason: "NO_IMAGE" },
    });
  });

  it("without details is worth the dearer kind", async () => {
    const bare = { promptTokenCount: 1200, candidatesTokenCount: 1130, totalTokenCount: 2630 };
    expect((await paint({ kind: "usage", change: () => bare })).usage.tokens).toEqual({
      ...noTokens,
      inputImage: 1200,
      outputImage: 1130,
      thinking: 300,
    });
  });

  it("takes the id out of a header where the answer has none", async () => {
    fake.faults.next({ kind: "status", status: 503, headers: { "x-request-id": "abc-1" } });
    expect((await failureOf(geminiAt(fake.url).paint(paintRequest()))).usage.providerRequestId).toBe("abc-1");
  });
});

describe("an answer of any shape", () => {
  const shapes = [
    ...["null", "[]", "7", '"text"', "true", "{}", '{"candidates":7}', '{"candidates":[null]}', '{"candidates":[7]}'],
    ...['{"candidates":[{"content":7}]}', '{"candidates":[{"content":{"parts":7}}]}', '{"promptFeedback":7}'],
    ...['{"candidates":[{"content":{"parts":[null,7,[]]}}]}', '{"candidates":[{"finishReason":7}]}'],
    ...['{"candidates":[{"content":{"parts":[{"inlineData":{"data":7}}]}}]}', '{"usageMetadata":7}', "", "﻿{}"],
    ...['{"candidates":[{"content":{"parts":[{"inlineData":null,"text":7}]}}]}', '{"modelStatus":null}', "NaN"],
    ...['{"candidates":[{"finishReason":"a\\u0000b<script>"}]}', '{"promptFeedback":{"blockReason":{}}}'],
    ...['{"usageMetadata":{"promptTokenCount":-1}}', '{"usageMetadata":{"promptTokenCount":1e300}}', "<html></html>"],
  ];

  it.each(shapes)("is a painting failure and no crash: %s", async (body) => {
    const failure = await failureOf(paint({ kind: "body", body }));
    expect(failure.billing).toBe("unknown");
    expect(failure.message.length).toBeLessThan(500);
    const { tokens, finishReason } = failure.usage;
    expect(tokens).toBeNull();
    expect(finishReason ?? "NONE").toMatch(/^[A-Z][A-Z0-9_]*$/);
  });

  it("is the same in Vertex's clothes", async () => {
    for (const body of shapes) {
      fake.faults.next({ kind: "body", body });
      await failureOf(geminiAt(fake.url, { access: vertexWith("fake-token") }).paint(paintRequest()));
    }
  });
});

describe("a model that will end", () => {
  it("is told of, beside the picture", async () => {
    const heard: string[] = [];
    fake.faults.next({ kind: "retiring", at: "2027-01-15T00:00:00Z" });
    const painter = geminiAt(fake.url, { onRetirement: (time) => heard.push(time) });
    await painter.paint(paintRequest());
    await painter.paint(paintRequest());
    expect(heard).toEqual(["2027-01-15T00:00:00Z"]);
  });
});

describe("the fake", () => {
  it.each([
    [{ imageConfig: { imageSize: "1K" } }, "gemini-3.1-flash-lite-image", 400],
    [{ imageConfig: { imageSize: "512" } }, "gemini-nano-banana-2.1", 400],
    [{ imageConfig: { aspectRatio: "4:6" } }, "gemini-nano-banana-2.1", 400],
    [{ imageConfig: { size: "1K" } }, "gemini-nano-banana-2.1", 400],
    [{}, "gemini-2.5-flash-image", 404],
    [{}, "gemini-nano-banana-2.1", 200],
  ])("answers %o to %s with %i", async (config, model, expected) => {
    const response = await fetch(`${fake.url}/v1beta/models/${model}:generateContent`, {
      method: "POST",
      headers: { "x-goog-api-key": "fake-key" },
      body: JSON.stringify({
        contents: [{ parts: [{ text: "A cat." }] }],
        generationConfig: { responseModalities: ["IMAGE"], ...config },
      }),
    });
    await response.arrayBuffer();
    expect(response.status).toBe(expected);
  });

  it("paints the pet that it was given, the same for the same request, and says that it is a fake", async () => {
    const painted = await startFakeGemini();
    try {
      const [first, again, other] = await Promise.all([
        geminiAt(painted.url).paint(paintRequest()),
        geminiAt(painted.url).paint(paintRequest()),
        geminiAt(painted.url).paint(paintRequest({ take: 2 })),
      ]);
      expect(again.image.equals(first.image)).toBe(true);
      expect(other.image.equals(first.image)).toBe(false);
      const middle = { left: 464, top: 600, width: 1, height: 1 };
      const [r = 0, g = 0, b = 0] = await sharp(first.image).extract(middle).raw().toBuffer();
      expect(r > g && g > b, `${r} ${g} ${b} is brown`).toBe(true);
    } finally {
      await painted.close();
    }
  });

  it("fails the same calls for the same seed, at about the rate that was asked for", async () => {
    const run = async (seed: number) => {
      const fakeWithFaults = await startFakeGemini({ pictures: "flat", failureRate: 0.3, seed });
      const ends: boolean[] = [];
      for (let call = 0; call < 60; call++)
        ends.push(
          await geminiAt(fakeWithFaults.url)
            .paint(paintRequest())
            .then(
              () => true,
              () => false,
            ),
        );
      await fakeWithFaults.close();
      return ends;
    };
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.filter((painted) => !painted).length).toBeGreaterThan(8);
    expect(first.filter((painted) => !painted).length).toBeLessThan(30);
  });
});
