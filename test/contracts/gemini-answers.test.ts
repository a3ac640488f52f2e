import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { GeminiPainterSettings } from "#app/adapters/gemini/gemini-painter.ts";
import type { PaintRequest } from "#app/painters/painter.ts";
import { providerAnswers, type ProviderAnswer } from "#app/painters/provider-answers.ts";
import { failureOf, geminiAt, paintRequest, vertexWith } from "#test/builders/gemini.ts";
import type { Fault } from "#test/google/fake-gemini/faults.ts";
import { startFakeGemini, type FakeGemini } from "#test/google/fake-gemini/start-fake-gemini.ts";

/** Every row of the table of answers once, out of the real SDK over real HTTP. */
let fake: FakeGemini;
let closedPort: string;

beforeAll(async () => {
  fake = await startFakeGemini({ pictures: "flat" });
  closedPort = await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(`http://127.0.0.1:${port}`));
    });
  });
});
beforeEach(() => fake.faults.always(undefined));
afterAll(() => fake.close());

type Cause = {
  fault?: Fault;
  settings?: () => Partial<GeminiPainterSettings>;
  request?: () => Partial<PaintRequest>;
};

const finish = (reason: string): Cause => ({ fault: { kind: "finish", reason } });
const block = (reason: string): Cause => ({ fault: { kind: "block", reason } });
const status = (code: number, more: Partial<Extract<Fault, { kind: "status" }>> = {}): Cause => ({
  fault: { kind: "status", status: code, ...more },
});
const html = "<html><body><h1>Bad Gateway</h1></body></html>";
const thinksOnly = { candidates: [{ content: { parts: [{ text: "hm", thought: true }] }, finishReason: "STOP" }] };

const causes: Record<Exclude<ProviderAnswer, "picture broken">, Cause> = {
  "finish SAFETY": finish("SAFETY"),
  "finish IMAGE_SAFETY": finish("IMAGE_SAFETY"),
  "finish PROHIBITED_CONTENT": finish("PROHIBITED_CONTENT"),
  "finish IMAGE_PROHIBITED_CONTENT": finish("IMAGE_PROHIBITED_CONTENT"),
  "finish BLOCKLIST": finish("BLOCKLIST"),
  "finish SPII": finish("SPII"),
  "finish RECITATION": finish("RECITATION"),
  "finish IMAGE_RECITATION": finish("IMAGE_RECITATION"),
  "finish LANGUAGE": finish("LANGUAGE"),
  "finish STOP": { fault: { kind: "answer", change: (answer) => ({ ...answer, ...thinksOnly }) } },
  "finish NO_IMAGE": finish("NO_IMAGE"),
  "finish OTHER": finish("OTHER"),
  "finish IMAGE_OTHER": finish("IMAGE_OTHER"),
  "finish FINISH_REASON_UNSPECIFIED": finish("FINISH_REASON_UNSPECIFIED"),
  "finish MAX_TOKENS": finish("MAX_TOKENS"),
  "finish CONTINUATION": finish("CONTINUATION"),
  "finish MALFORMED_RESPONSE": finish("MALFORMED_RESPONSE"),
  "finish MALFORMED_FUNCTION_CALL": finish("MALFORMED_FUNCTION_CALL"),
  "finish UNEXPECTED_TOOL_CALL": finish("UNEXPECTED_TOOL_CALL"),
  "finish TOO_MANY_TOOL_CALLS": finish("TOO_MANY_TOOL_CALLS"),
  "finish MISSING_THOUGHT_SIGNATURE": finish("MISSING_THOUGHT_SIGNATURE"),
  "finish ESCALATION": finish("ESCALATION"),
  "finish unknown": finish("SOMETHING_NEW_2027"),
  "block SAFETY": block("SAFETY"),
  "block IMAGE_SAFETY": block("IMAGE_SAFETY"),
  "block OTHER": block("OTHER"),
  "block BLOCKED_REASON_UNSPECIFIED": block("BLOCKED_REASON_UNSPECIFIED"),
  "block PROHIBITED_CONTENT": block("PROHIBITED_CONTENT"),
  "block BLOCKLIST": block("BLOCKLIST"),
  "block JAILBREAK": block("JAILBREAK"),
  "block MODEL_ARMOR": block("MODEL_ARMOR"),
  "block unknown": block("SOMETHING_NEW_2027"),
  "text only": { fault: { kind: "text only", text: "I would rather not paint this." } },
  "no parts": { fault: { kind: "no parts" } },
  "no candidates": { fault: { kind: "no candidates" } },
  "not JSON": { fault: { kind: "body", body: '{"candidates": [' } },
  "answer too large": { fault: { kind: "flood", bytes: 200e6 } },
  "connection lost": { fault: { kind: "reset", when: "after" } },
  unreachable: { settings: () => ({ baseUrl: closedPort }) },
  "not signed in": { settings: () => ({ access: vertexWith(null) }) },
  "own timeout": { fault: { kind: "delay", ms: 5_000 }, settings: () => ({ attemptTimeoutMs: 60 }) },
  "photo too large": { request: () => ({ pets: [{ image: Buffer.alloc(7_000_001), backgroundKept: true }] }) },
  "HTTP 400": status(400),
  "HTTP 400 key": { settings: () => ({ access: { by: "key", apiKey: "another-key" } }) },
  "HTTP 401": { settings: () => ({ access: vertexWith("another-token") }) },
  "HTTP 403": status(403, { message: "The caller does not have permission" }),
  "HTTP 404": status(404),
  "HTTP 413": status(413, { body: html }),
  "HTTP 429 rate": status(429, { limit: "rate", retryInfo: "26s" }),
  "HTTP 429 spend": status(429, { limit: "spend" }),
  "HTTP 429 day": status(429, { limit: "day", retryInfo: "22s" }),
  "HTTP 500": status(500),
  "HTTP 502": status(502, { body: html }),
  "HTTP 503": status(503),
  "HTTP 504": status(504),
  "HTTP 4xx": status(418),
  "HTTP 5xx": status(529, { body: html }),
  "HTTP other": status(302, { headers: { location: "/v1beta/models/elsewhere" }, body: "" }),
};

describe("each answer of the provider", () => {
  const cases = Object.entries(causes) as [keyof typeof causes, Cause][];

  it.each(cases)("%s", async (answer, { fault, settings, request }) => {
    fake.faults.next(...(fault === undefined ? [] : [fault]));
    const billedBefore = fake.bill.lines.length;
    const failure = await failureOf(geminiAt(fake.url, settings?.()).paint(paintRequest(request?.())));

    const { code, remedy, providerIsDown, report, kind, sentence, billing } = providerAnswers[answer];
    expect(failure).toMatchObject({ code, remedy, providerIsDown, report, kind, publicMessage: sentence, billing });
    expect(failure.message).toMatch(new RegExp(`^${answer}: `));
    if (billing === "nothing") expect(fake.bill.lines).toHaveLength(billedBefore);
  });

  it("is asked for once: not one of them makes the SDK try again", async () => {
    const again: Fault[] = Object.values(causes).flatMap(({ fault }) => (fault?.kind === "status" ? [fault] : []));
    const before = fake.calls.length;
    for (const fault of again) {
      fake.faults.next(fault);
      await failureOf(geminiAt(fake.url).paint(paintRequest()));
    }
    expect(fake.calls.length - before).toBe(again.length);
  });
});

describe("a pause that the provider asks for", () => {
  const pauseAfter = async (fault: Omit<Extract<Fault, { kind: "status" }>, "kind" | "status">, code = 429) => {
    fake.faults.next({ kind: "status", status: code, ...fault });
    return (await failureOf(geminiAt(fake.url).paint(paintRequest()))).retryAfterMs;
  };

  it.each([
    ["a RetryInfo in whole seconds", { retryInfo: "26s" }, 26_000],
    ["a RetryInfo with a fraction", { retryInfo: "1.5s" }, 1_500],
    ["the header in seconds", { headers: { "retry-after": "7" } }, 7_000],
    ["the longer of both", { retryInfo: "3s", headers: { "retry-after": "9" } }, 9_000],
    [
      "the header as a date, seen from the answer's own",
      {
        headers: { date: "Tue, 24 Nov 2026 10:00:00 GMT", "retry-after": "Tue, 24 Nov 2026 10:00:30 GMT" },
      },
      30_000,
    ],
    ["no more than a day", { retryInfo: "999999999s" }, 86_400_000],
    ["nothing that is no duration", { retryInfo: "-5s", headers: { "retry-after": "soon" } }, null],
    ["nothing where nothing is asked", {}, null],
  ])("is %s", async (_name, fault, expected) => {
    expect(await pauseAfter(fault)).toBe(expected);
  });

  it("is honoured beside a body that is not the provider's own", async () => {
    expect(await pauseAfter({ body: html, headers: { "retry-after": "4" } }, 503)).toBe(4_000);
  });
});
