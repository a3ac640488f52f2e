import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createExchange } from "#app/adapters/gemini/exchange.ts";
import { probeGemini } from "#app/adapters/gemini/probe-gemini.ts";
import { failureOf, fakeKey, geminiAt, paintRequest, plainCutout, vertexWith } from "#test/builders/gemini.ts";
import type { Fault } from "#test/google/fake-gemini/faults.ts";
import { startFakeGemini, type FakeCall, type FakeGemini } from "#test/google/fake-gemini/start-fake-gemini.ts";

/** The painter on the real SDK, over real HTTP, against a fake that keeps its own bill. */
let fake: FakeGemini;
beforeAll(async () => (fake = await startFakeGemini({ pictures: "flat" })));
beforeEach(() => fake.faults.always(undefined));
afterAll(() => fake.close());

/** For what the fake still does after we have turned away. */
const soon = { timeout: 10_000 };

const lastCall = (): FakeCall => fake.calls.at(-1)!;
const wordsOf = (call: FakeCall): string => {
  const [content] = call.body?.contents as [{ parts: { text?: string }[] }];
  return content.parts.map(({ text }) => text ?? "").join("");
};
const sizeOf = async (image: Buffer) => {
  const { width, height, format } = await sharp(image).metadata();
  return { width, height, format };
};

describe("what the model is asked for", () => {
  it("is one picture of the wished shape, in words and cutouts, and nothing that is left to chance", async () => {
    await geminiAt(fake.url, { maxOutputTokens: 3620, thinkingLevel: "minimal" }).paint(paintRequest());
    expect(lastCall().path).toBe("/v1beta/models/gemini-nano-banana-2.1:generateContent");
    expect(lastCall().headers).toMatchObject({ "x-goog-api-key": "fake-key", "x-server-timeout": "20" });
    expect(lastCall().body).toEqual({
      contents: [
        {
          role: "user",
          parts: [
            { inlineData: { mimeType: "image/png", data: expect.stringMatching(/^\d+ bytes$/) } },
            { text: expect.stringMatching(/^Paint this pet in ink\.\nThe photo shows one pet\./) },
          ],
        },
      ],
      generationConfig: {
        candidateCount: 1,
        maxOutputTokens: 3620,
        responseModalities: ["TEXT", "IMAGE"],
        imageConfig: { aspectRatio: "4:5", imageSize: "1K" },
        thinkingConfig: { thinkingLevel: "MINIMAL" },
      },
    });
  });

  it.each([2, 3])("is %i pets together, each from its own photo and in its order", async (count) => {
    const images = await Promise.all(["#222222", "#b5651d", "#eeeeee"].slice(0, count).map(plainCutout));
    await geminiAt(fake.url).paint(paintRequest({ pets: images.map((image) => ({ image, backgroundKept: false })) }));
    expect(lastCall().photos).toEqual(images);
    expect(wordsOf(lastCall())).toContain(`The ${count} photos show ${count} different pets`);
    expect(wordsOf(lastCall())).toContain("together in one portrait");
  });

  it.each([0, 4])("is never %i pets", async (count) => {
    const pets = paintRequest().pets;
    const request = paintRequest({ pets: Array.from({ length: count }, () => pets[0]!) });
    await expect(geminiAt(fake.url).paint(request)).rejects.toMatchObject({ code: "portrait_invalid" });
  });

  it("says where a background was kept, even of one pet among several", async () => {
    const [pet] = paintRequest().pets;
    await geminiAt(fake.url).paint(paintRequest());
    expect(wordsOf(lastCall())).not.toContain("leave the background out");
    await geminiAt(fake.url).paint(paintRequest({ pets: [pet!, { ...pet!, backgroundKept: true }] }));
    expect(wordsOf(lastCall())).toContain("leave the background out");
  });

  it("is put more gently after a safety block, with the style's own words still first", async () => {
    await geminiAt(fake.url).paint(paintRequest());
    const usual = wordsOf(lastCall());
    await geminiAt(fake.url).paint(paintRequest({ wording: "softer" }));
    expect(wordsOf(lastCall())).toMatch(/^Paint this pet in ink\./);
    expect(wordsOf(lastCall()).startsWith(`${usual}\n`)).toBe(true);
    expect(wordsOf(lastCall())).toContain("keepsake for a family");
  });

  it("asks for another picture where another take is wished for", async () => {
    const asked = async (request: Parameters<typeof paintRequest>[0]) => {
      await geminiAt(fake.url).paint(paintRequest(request));
      return wordsOf(lastCall());
    };
    const first = await asked({});
    expect(await asked({})).toBe(first);
    expect(first).not.toContain("version");
    expect(await asked({ take: 2 })).toContain("version 2");
    expect(await asked({ take: 3 })).toContain("version 3");
  });

  it.each([
    ["gemini-3.1-flash-lite-image", "1K", { width: 928, height: 1152, format: "png" }],
    ["gemini-nano-banana-2.1", "2K", { width: 1856, height: 2304, format: "png" }],
    ["gemini-3-pro-image", "4K", { width: 3712, height: 4608, format: "png" }],
  ] as const)("is what %s takes, at %s", async (model, imageSize, expected) => {
    const { image } = await geminiAt(fake.url, { model, imageSize }).paint(paintRequest());
    expect(await sizeOf(image)).toEqual(expected);
  });

  it.each([
    [{ model: "gemini-2.5-flash-image" }, /no image model/],
    [{ model: "gemini-3.1-flash-lite-image", imageSize: "2K" }, /paints 1K and not 2K/],
    [{ model: "gemini-3.1-flash-lite-image", thinkingLevel: "medium" }, /cannot be told to think "medium"/],
    [{ model: "gemini-3-pro-image", thinkingLevel: "high" }, /cannot be told to think/],
    [{ attemptTimeoutMs: 0 }, /not a time for an attempt/],
    [{ access: { by: "vertex", project: "p", location: "evil.example/" }, baseUrl: undefined }, /not a location/],
  ])("is refused at start where it does not exist: %o", (settings, message) => {
    expect(() => geminiAt(fake.url, settings as never)).toThrow(message);
  });
});

describe("who is asking", () => {
  it("can be a project of Google Cloud, with a token", async () => {
    await geminiAt(fake.url, { access: vertexWith("fake-token") }).paint(paintRequest());
    expect(lastCall().path).toMatch(
      /^\/v1beta1\/projects\/pets\/locations\/europe-west4\/publishers\/google\/models\/gemini-nano-banana-2\.1:generateContent/,
    );
    expect(lastCall().headers).toMatchObject({ authorization: "Bearer fake-token" });
    expect(lastCall().headers).not.toHaveProperty("x-goog-api-key");
  });

  it("can be a key of Vertex AI", async () => {
    await geminiAt(fake.url, { access: { by: "vertex-key", apiKey: "fake-key" } }).paint(paintRequest());
    expect(lastCall().path).toMatch(/^\/v1beta1\/publishers\/google\/models\//);
  });

  it("is never read from the environment", async () => {
    vi.stubEnv("GOOGLE_API_KEY", "somebody-else's");
    vi.stubEnv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9");
    vi.stubEnv("GOOGLE_GENAI_USE_VERTEXAI", "true");
    vi.stubEnv("GOOGLE_GENAI_API_VERSION", "v1");
    try {
      await geminiAt(fake.url).paint(paintRequest());
      expect(lastCall().path).toMatch(/^\/v1beta\/models/);
      expect(lastCall().headers).toMatchObject({ "x-goog-api-key": "fake-key" });
      await geminiAt(fake.url, { access: vertexWith("fake-token") }).paint(paintRequest());
      expect(lastCall().headers).toMatchObject({ authorization: "Bearer fake-token" });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("keeps the key out of every error, and takes it to no other address", async () => {
    for (const fault of [
      { kind: "status", status: 302, headers: { location: `${fake.url}/v1beta/models/x` }, body: "" },
      { kind: "status", status: 403 },
      { kind: "reset", when: "before" },
      { kind: "body", body: "null" },
    ] satisfies Fault[]) {
      const before = fake.calls.length;
      fake.faults.next(fault);
      const failure = await failureOf(geminiAt(fake.url).paint(paintRequest()));
      expect(inspect(failure, { depth: 8 })).not.toContain("fake-key");
      expect(fake.calls.length - before).toBe(1);
    }
  });
});

describe("a second request", () => {
  it("is not made where the answer offers to go on, and what came is taken", async () => {
    const goesOn = (answer: Record<string, unknown>) => {
      const more = { finishReason: "CONTINUATION", continuationToken: "bW9yZQ==" };
      const candidates = answer.candidates as Record<string, unknown>[];
      return { ...answer, candidates: candidates.map((candidate) => ({ ...candidate, ...more })) };
    };
    fake.faults.always({ kind: "answer", change: goesOn });
    const before = fake.calls.length;
    const { usage } = await geminiAt(fake.url).paint(paintRequest());
    expect(usage.finishReason).toBe("CONTINUATION");
    expect(fake.calls.length - before).toBe(1);
  });

  it("is refused on the wire, whoever makes it", async () => {
    const exchange = createExchange({ mostBytes: 1_000 });
    const before = fake.calls.length;
    await exchange.fetch(`${fake.url}/v1beta/models/gemini-3-pro-image`, { headers: { "x-goog-api-key": "fake-key" } });
    await expect(exchange.fetch(`${fake.url}/v1beta/models/gemini-3-pro-image`)).rejects.toThrow(/second one/);
    expect(fake.calls.length).toBe(before);
  });
});

describe("time", () => {
  it("that is over is the attempt's own failure, and may have been billed", async () => {
    fake.faults.next({ kind: "delay", ms: 1_500 });
    const failure = await failureOf(geminiAt(fake.url, { attemptTimeoutMs: 100 }).paint(paintRequest()));
    expect(failure).toMatchObject({ code: "painter_slow", remedy: "retry", billing: "unknown", providerIsDown: true });
    await vi.waitFor(() => expect(fake.bill.lines.at(-1)).toMatchObject({ call: lastCall().number }), soon);
  });

  it("is also over for an answer that trickles, and an error status is worth more than its body", async () => {
    fake.faults.next({ kind: "trickle", everyMs: 5 }, { kind: "trickle", everyMs: 5, status: 503 });
    const painter = geminiAt(fake.url, { attemptTimeoutMs: 150 });
    expect(await failureOf(painter.paint(paintRequest()))).toMatchObject({ code: "painter_slow" });
    expect(await failureOf(painter.paint(paintRequest()))).toMatchObject({
      code: "provider_overloaded",
      billing: "nothing",
    });
  });

  it("is also over where a sign-in hangs, and then nothing was sent", async () => {
    const hangs = { getRequestHeaders: () => new Promise(() => undefined) };
    const access = { by: "vertex", project: "p", location: "eu", auth: { authClient: hangs as never } } as const;
    const failure = await failureOf(geminiAt(fake.url, { access, attemptTimeoutMs: 60 }).paint(paintRequest()));
    expect(failure).toMatchObject({ code: "sign_in_failed", billing: "nothing" });
  });

  it.each(["before the call", "while the model works", "while the answer trickles"])(
    "is not what the caller ended %s: their reason comes back unchanged",
    async (when) => {
      const reason = new Error("the shopper left");
      const caller = new AbortController();
      if (when === "before the call") caller.abort(reason);
      else setTimeout(() => caller.abort(reason), 80);
      fake.faults.next(
        when === "while the model works" ? { kind: "delay", ms: 2_000 } : { kind: "trickle", everyMs: 5 },
      );
      const end = geminiAt(fake.url).paint(paintRequest({ signal: caller.signal }));
      await expect(end).rejects.toBe(reason);
      fake.faults.next();
      if (when === "before the call")
        await failureOf(geminiAt(fake.url, { attemptTimeoutMs: 50 }).paint(paintRequest()));
    },
  );
});

describe("an answer without end", () => {
  const limit = 32 * 1024 * 1024;

  it("is cut at 32 MB, or 40 for a 4K picture", async () => {
    for (const [imageSize, most] of [
      ["1K", limit],
      ["4K", 40 * 1024 * 1024],
    ] as const) {
      fake.faults.next({ kind: "flood", bytes: 200e6 });
      const failure = await failureOf(geminiAt(fake.url, { imageSize }).paint(paintRequest()));
      expect(failure).toMatchObject({ code: "answer_too_large", billing: "unknown", report: true });
      // What lies in the buffers of two sockets was sent and not read.
      await vi.waitFor(() => expect(lastCall().bytesSent).toBeGreaterThan(most), soon);
      expect(lastCall().bytesSent).toBeLessThan(most + 8e6);
    }
  });

  it("is not begun with where it says itself how large it is", async () => {
    fake.faults.next({ kind: "flood", bytes: 200e6, announced: true });
    expect(await failureOf(geminiAt(fake.url).paint(paintRequest()))).toMatchObject({ code: "answer_too_large" });
    await vi.waitFor(() => expect(lastCall().bytesSent).toBeGreaterThan(0), soon);
    expect(lastCall().bytesSent).toBeLessThan(8e6);
  });

  it("is measured after it is unpacked", async () => {
    const body = gzipSync(Buffer.alloc(limit + 1, " "));
    expect(body.length).toBeLessThan(100_000);
    fake.faults.next({ kind: "body", body, headers: { "content-encoding": "gzip" } });
    expect(await failureOf(geminiAt(fake.url).paint(paintRequest()))).toMatchObject({ code: "answer_too_large" });
  });

  it("is read for a few kilobytes beside an error status, and said in one short line", async () => {
    fake.faults.next({ kind: "flood", bytes: 200e6, status: 503 });
    const failure = await failureOf(geminiAt(fake.url).paint(paintRequest()));
    expect(failure).toMatchObject({ code: "provider_overloaded" });
    expect(inspect(failure, { depth: 8, maxStringLength: Infinity }).length).toBeLessThan(60_000);
    await vi.waitFor(() => expect(lastCall().bytesSent).toBeGreaterThan(0), soon);
    expect(lastCall().bytesSent).toBeLessThan(8e6);
  });
});

describe("whether a model is there", () => {
  it.each([fakeKey, vertexWith("fake-token"), { by: "vertex-key", apiKey: "fake-key" } as const])(
    "is asked for nothing, with access $by",
    async (access) => {
      const before = fake.calls.length;
      const probe = await probeGemini({ access, model: "gemini-3-pro-image", baseUrl: fake.url });
      expect(probe).toEqual({ ok: true, said: "gemini-3-pro-image is there, version 001" });
      expect(fake.calls).toHaveLength(before);
    },
  );

  it.each([
    [{ model: "gemini-2.5-flash-image" }, /^HTTP 404: .*is not found for API version v1beta/],
    [{ access: { by: "key", apiKey: "another" } as const }, /^HTTP 400 key: /],
    [{ access: vertexWith("another") }, /^HTTP 401: /],
    [{ baseUrl: "http://127.0.0.1:65533" }, /^unreachable: /],
  ])("is answered in one line where it is not: %#", async (wrong, said) => {
    const probe = await probeGemini({ access: fakeKey, model: "gemini-3-pro-image", baseUrl: fake.url, ...wrong });
    expect(probe).toMatchObject({ ok: false, said: expect.stringMatching(said) });
  });
});
