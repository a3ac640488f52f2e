import { describe, expect, it } from "vitest";
import type { PaintUsage } from "./painter.ts";
import { PaintingFailure } from "./painting-failure.ts";
import {
  answerOfBlock,
  answerOfFinish,
  answerOfStatus,
  describeProviderAnswers,
  forbidsPicture,
  paintingFailureOf,
  providerAnswers,
  type ProviderAnswer,
} from "./provider-answers.ts";

const answers = Object.keys(providerAnswers) as ProviderAnswer[];
const named = (remedy: string) => answers.filter((answer) => providerAnswers[answer].remedy === remedy);

describe("what is done about an answer", () => {
  it("is one try in softer words after a safety block, and after nothing else", () => {
    expect(named("soften")).toEqual([
      "finish SAFETY",
      "finish IMAGE_SAFETY",
      "block SAFETY",
      "block IMAGE_SAFETY",
      "block OTHER",
      "block BLOCKED_REASON_UNSPECIFIED",
    ]);
  });

  it("is nothing after recitation, prohibited content and what our own account or request is to blame for", () => {
    expect(named("none")).toEqual([
      "finish PROHIBITED_CONTENT",
      "finish IMAGE_PROHIBITED_CONTENT",
      "finish BLOCKLIST",
      "finish SPII",
      "finish RECITATION",
      "finish IMAGE_RECITATION",
      "finish LANGUAGE",
      "block PROHIBITED_CONTENT",
      "block BLOCKLIST",
      "block JAILBREAK",
      "block MODEL_ARMOR",
      "block unknown",
      "photo too large",
      "HTTP 400",
      "HTTP 400 key",
      "HTTP 401",
      "HTTP 403",
      "HTTP 404",
      "HTTP 413",
      "HTTP 429 spend",
      "HTTP 429 day",
      "HTTP 4xx",
    ]);
  });

  it("never counts for the breaker where the provider answered as it should, or where we were wrong", () => {
    for (const answer of answers) {
      const ownFault = /^HTTP 4(?!29)/.test(answer) || answer === "HTTP 429 rate" || answer === "photo too large";
      if (/^(finish|block) /.test(answer) || ownFault)
        expect(providerAnswers[answer].providerIsDown, answer).toBe(false);
      if (/^HTTP 5/.test(answer)) expect(providerAnswers[answer].providerIsDown, answer).toBe(true);
    }
  });

  it("takes an error status for unbilled, an answer for what it reports, and a dead line for perhaps billed in full", () => {
    for (const answer of answers) {
      const { billing } = providerAnswers[answer];
      if (answer.startsWith("HTTP ")) expect(billing, answer).toBe("nothing");
      if (/^(finish|block) /.test(answer)) expect(billing, answer).toBe("reported");
    }
    const unknown = answers.filter((answer) => providerAnswers[answer].billing === "unknown");
    expect(unknown).toEqual(["not JSON", "answer too large", "connection lost", "own timeout"]);
  });
});

describe("what the shopper reads", () => {
  it.each(answers)("after %s is whole sentences that say what to do and name nobody", (answer) => {
    const { sentence, code, meaning } = providerAnswers[answer];
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).toMatch(/please try/i);
    expect(sentence).not.toMatch(/google|gemini|vertex|api|token|HTTP|model/i);
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(meaning).not.toBe("");
  });

  it("never takes an account's limit for their own: only a quota is exhausted", () => {
    for (const answer of answers) expect(["invalid", "unavailable", "bug"]).toContain(providerAnswers[answer].kind);
  });
});

describe("a word of the provider", () => {
  it("finds its row, and one for words that are not known yet", () => {
    expect(answerOfFinish("IMAGE_SAFETY")).toBe("finish IMAGE_SAFETY");
    expect(answerOfFinish("SOMETHING_NEW")).toBe("finish unknown");
    expect(answerOfBlock("JAILBREAK")).toBe("block JAILBREAK");
    expect(answerOfBlock("SOMETHING_NEW")).toBe("block unknown");
  });

  it.each(["toString", "__proto__", "constructor", "unknown"])("cannot be %s", (word) => {
    expect(answerOfFinish(word)).toBe("finish unknown");
    expect(answerOfBlock(word)).toBe("block unknown");
  });

  it.each([
    [400, undefined, "HTTP 400"],
    [400, "key", "HTTP 400 key"],
    [403, undefined, "HTTP 403"],
    [429, undefined, "HTTP 429 rate"],
    [429, "day", "HTTP 429 day"],
    [503, undefined, "HTTP 503"],
    [499, undefined, "HTTP 4xx"],
    [599, undefined, "HTTP 5xx"],
    [304, undefined, "HTTP other"],
  ] as const)("status %i (%s) finds its row", (status, trait, expected) => {
    expect(answerOfStatus(status, trait)).toBe(expected);
  });

  it("forbids a picture where it blocks, and nowhere else", () => {
    expect(answers.filter(forbidsPicture).every((answer) => /^(finish|block) /.test(answer))).toBe(true);
    for (const answer of ["finish SAFETY", "finish IMAGE_RECITATION", "block unknown"] as const)
      expect(forbidsPicture(answer)).toBe(true);
    for (const answer of ["finish STOP", "finish MAX_TOKENS", "finish unknown", "HTTP 400"] as const)
      expect(forbidsPicture(answer)).toBe(false);
  });
});

describe("the failure", () => {
  const usage: PaintUsage = {
    tokens: { inputText: 10, inputImage: 1120, outputText: 0, outputImage: 0, thinking: 200 },
    finishReason: "IMAGE_SAFETY",
    providerRequestId: "r1",
  };

  it("carries the row, the usage, the pause and what was said", () => {
    const cause = new Error("from the SDK");
    const failure = paintingFailureOf("HTTP 429 rate", { usage, retryAfterMs: 26_000, said: "slow down", cause });
    expect(failure).toBeInstanceOf(PaintingFailure);
    expect(failure).toMatchObject({ code: "rate_limited", retryAfterMs: 26_000, usage, cause, report: false });
    expect(failure.message).toBe("HTTP 429 rate: too many calls in a minute (slow down)");
  });

  it("of an answer that should have reported what it used and did not may have been billed in full", () => {
    expect(paintingFailureOf("finish IMAGE_SAFETY", { usage }).billing).toBe("reported");
    expect(paintingFailureOf("finish IMAGE_SAFETY").billing).toBe("unknown");
    expect(paintingFailureOf("finish IMAGE_SAFETY", { usage: { ...usage, tokens: null } }).billing).toBe("unknown");
    expect(paintingFailureOf("HTTP 503").billing).toBe("nothing");
  });
});

it("the table for the documentation has every row, once", () => {
  expect(describeProviderAnswers().map(({ answer }) => answer)).toEqual(answers);
});
