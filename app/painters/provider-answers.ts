import type { ErrorKind } from "#app/kernel/errors.ts";
import type { PaintUsage } from "./painter.ts";
import { PaintingFailure, type Remedy } from "./painting-failure.ts";

/**
 * Everything that a provider can answer other than a picture, and what it means for us: whether another try helps, whether
 * the provider is down, what it may have billed, what the shopper is told and whether somebody should look at it.
 *
 * A safety block gets one try in softer words, because the filters err on harmless pets; recitation and prohibited content
 * never do. Words that this table does not know are answered by a row of their own: providers add reasons without notice.
 *
 * Billing: an error status is not billed (https://ai.google.dev/gemini-api/docs/billing says so of 400 and 500,
 * https://cloud.google.com/vertex-ai/generative-ai/pricing of everything but 200), an answer is billed for what it reports
 * although it holds no picture, and what was cut may have been billed in full.
 */
export type AnswerRow = {
  /** For the ledger and the API; several answers that mean the same to us share one. */
  code: string;
  remedy: Remedy;
  providerIsDown: boolean;
  billing: PaintingFailure["billing"];
  kind: ErrorKind;
  /** For the shopper. Never names the provider. */
  sentence: string;
  report: boolean;
  /** For us. */
  meaning: string;
};

const say = {
  otherPhoto: "We could not paint a portrait from this photo. Please try another one.",
  again: "This portrait did not come out. It was not counted; please try again.",
  moment: "Many portraits are being painted right now. Please try again in a moment.",
  later: "Portraits cannot be painted right now. Please try again later.",
  slow: "Painting took too long. Your portrait was not counted; please try again.",
} as const;

type Shape = Omit<AnswerRow, "code" | "meaning">;
const reported = { providerIsDown: false, billing: "reported" } as const;
const notBilled = { providerIsDown: false, billing: "nothing" } as const;

/** A filter stopped it. It may have misjudged a harmless pet. */
const softer: Shape = { ...reported, remedy: "soften", kind: "invalid", sentence: say.otherPhoto, report: false };
/** A rule stopped it, and the same photo meets the same rule in any words. */
const refused: Shape = { ...softer, remedy: "none" };
/** It worked and made nothing. Models are moody: the same again is often fine. */
const nothingMade: Shape = { ...reported, remedy: "retry", kind: "unavailable", sentence: say.again, report: false };
/** What came cannot be used, and it is the provider that broke it. */
const broken: Shape = { ...nothingMade, providerIsDown: true };
/** The line went dead: nobody knows how far the work had come. */
const cut: Shape = { ...broken, billing: "unknown" };
/** The provider says itself that it cannot. */
const down: Shape = { ...broken, billing: "nothing", sentence: say.moment };
/** Our account, key or request is at fault: no shopper and no retry will mend that. */
const ours: Shape = { ...notBilled, remedy: "none", kind: "unavailable", sentence: say.later, report: true };
/** No call can succeed for a while, which is what a breaker is for. */
const spent: Shape = { ...ours, providerIsDown: true };

const row = (code: string, shape: Shape, meaning: string): AnswerRow => ({ code, ...shape, meaning });

const rows = {
  "finish SAFETY": row("safety_block", softer, "the safety filter stopped the answer"),
  "finish IMAGE_SAFETY": row("safety_block", softer, "the safety filter stopped the picture"),
  "finish PROHIBITED_CONTENT": row("content_not_allowed", refused, "the answer would break the terms of use"),
  "finish IMAGE_PROHIBITED_CONTENT": row("content_not_allowed", refused, "the picture would break the terms of use"),
  "finish BLOCKLIST": row("content_not_allowed", { ...refused, report: true }, "our words hold a term that is barred"),
  "finish SPII": row("content_not_allowed", refused, "somebody's personal data is in the picture"),
  "finish RECITATION": row("looks_like_a_source", refused, "the answer repeats a source"),
  "finish IMAGE_RECITATION": row("looks_like_a_source", refused, "the picture repeats a source"),
  "finish LANGUAGE": row(
    "request_refused",
    { ...refused, report: true },
    "our words are in a language it does not take",
  ),
  "finish STOP": row("no_picture", nothingMade, "it ended well and there is no picture in it"),
  "finish NO_IMAGE": row("no_picture", nothingMade, "a picture was expected and none was made"),
  "finish OTHER": row("no_picture", nothingMade, "it stopped and does not say why"),
  "finish IMAGE_OTHER": row("no_picture", nothingMade, "the picture stopped and it does not say why"),
  "finish FINISH_REASON_UNSPECIFIED": row("no_picture", nothingMade, "it does not say why it stopped"),
  "finish MAX_TOKENS": row("cut_short", nothingMade, "it thought or talked up to the limit"),
  "finish CONTINUATION": row("cut_short", nothingMade, "it wants to be asked to go on, which would be billed again"),
  "finish MALFORMED_RESPONSE": row("no_picture", nothingMade, "it could not read its own answer"),
  "finish MALFORMED_FUNCTION_CALL": row("no_picture", nothingMade, "it tried to use a tool; there are none"),
  "finish UNEXPECTED_TOOL_CALL": row("no_picture", nothingMade, "it tried to use a tool; there are none"),
  "finish TOO_MANY_TOOL_CALLS": row("no_picture", nothingMade, "it tried to use a tool; there are none"),
  "finish MISSING_THOUGHT_SIGNATURE": row("no_picture", nothingMade, "it missed a thought of its own"),
  "finish ESCALATION": row("no_picture", nothingMade, "it handed the request on and nothing came back"),
  "finish unknown": row("no_picture", { ...nothingMade, report: true }, "a reason that we do not know yet"),

  "block SAFETY": row("safety_block", softer, "the safety filter stopped the request"),
  "block IMAGE_SAFETY": row("safety_block", softer, "the safety filter stopped the photo"),
  "block OTHER": row(
    "safety_block",
    softer,
    "the request was stopped without a reason; the same again would be as well",
  ),
  "block BLOCKED_REASON_UNSPECIFIED": row("safety_block", softer, "the request was stopped without a reason"),
  "block PROHIBITED_CONTENT": row("content_not_allowed", refused, "the request breaks the terms of use"),
  "block BLOCKLIST": row("content_not_allowed", { ...refused, report: true }, "our words hold a term that is barred"),
  "block JAILBREAK": row("content_not_allowed", { ...refused, report: true }, "the photo seems to give orders"),
  "block MODEL_ARMOR": row(
    "content_not_allowed",
    { ...refused, report: true },
    "a filter of our own project stopped it",
  ),
  "block unknown": row("content_not_allowed", { ...refused, report: true }, "a block that we do not know yet"),

  "text only": row("text_only", nothingMade, "it answered in words: a soft refusal, or a chat"),
  "no parts": row("empty_answer", nothingMade, "an answer with nothing in it"),
  "no candidates": row("empty_answer", broken, "no answer, and no reason why"),
  "not JSON": row("answer_broken", cut, "an answer that is not what was agreed"),
  "answer too large": row(
    "answer_too_large",
    { ...cut, report: true },
    "more bytes than any picture has; not read to the end",
  ),
  "picture broken": row("picture_broken", broken, "the picture does not decode, or has the wrong kind or shape"),

  "connection lost": row("connection_lost", cut, "reset or cut before the answer was there"),
  unreachable: row("provider_unreachable", down, "no connection was made, so nothing was sent"),
  "not signed in": row(
    "sign_in_failed",
    { ...down, report: true },
    "no token could be had for the call; nothing was sent",
  ),
  "own timeout": row("painter_slow", { ...cut, sentence: say.slow }, "we waited as long as an attempt may take"),
  "photo too large": row("photo_too_large", { ...ours, report: true }, "a cutout is larger than the provider takes"),

  "HTTP 400": row("request_refused", { ...ours, kind: "bug" }, "our request is wrong"),
  "HTTP 400 key": row("key_refused", ours, "the key is wrong or has been taken back"),
  "HTTP 401": row("key_refused", ours, "the key or token is not accepted"),
  "HTTP 403": row("key_refused", ours, "the key may not use the model, or the account is closed"),
  "HTTP 404": row("model_gone", ours, "there is no such model: it may have been shut down"),
  "HTTP 413": row("photo_too_large", ours, "the request is larger than the provider takes"),
  "HTTP 429 rate": row("rate_limited", { ...down, providerIsDown: false }, "too many calls in a minute"),
  "HTTP 429 spend": row("spend_limit", spent, "the account's spending limit has been reached"),
  "HTTP 429 day": row("daily_quota", spent, "the account's calls for the day are used up"),
  "HTTP 500": row("provider_down", down, "it broke down on the request"),
  "HTTP 502": row("provider_down", down, "something in front of it is broken"),
  "HTTP 503": row("provider_overloaded", down, "overloaded"),
  "HTTP 504": row("provider_slow", { ...down, sentence: say.slow }, "it did not finish in its own time"),
  "HTTP 4xx": row("request_refused", { ...ours, kind: "bug" }, "another status that blames the request"),
  "HTTP 5xx": row("provider_down", down, "another status that blames the provider"),
  "HTTP other": row(
    "answer_broken",
    { ...down, report: true },
    "a redirect, which is never followed with a key in hand",
  ),
} as const satisfies Record<string, AnswerRow>;

export type ProviderAnswer = keyof typeof rows;

export const providerAnswers: Readonly<Record<ProviderAnswer, AnswerRow>> = Object.freeze(rows);

/** The row of a reason for which an answer ended; a reason that is not known has a row of its own. */
export function answerOfFinish(reason: string): ProviderAnswer {
  return known(`finish ${reason}`) ?? "finish unknown";
}

/** The row of a reason for which a request was blocked. */
export function answerOfBlock(reason: string): ProviderAnswer {
  return known(`block ${reason}`) ?? "block unknown";
}

/** @param trait - what the body of a 400 or 429 adds to its status */
export function answerOfStatus(status: number, trait?: "key" | "rate" | "spend" | "day"): ProviderAnswer {
  const exact = known(trait === undefined ? `HTTP ${status}` : `HTTP ${status} ${trait}`) ?? known(`HTTP ${status}`);
  if (exact !== undefined) return exact;
  if (status === 429) return "HTTP 429 rate";
  if (status >= 400 && status < 500) return "HTTP 4xx";
  return status >= 500 ? "HTTP 5xx" : "HTTP other";
}

function known(name: string): ProviderAnswer | undefined {
  return Object.hasOwn(rows, name) ? (name as ProviderAnswer) : undefined;
}

/** Whether a picture that came beside this reason is not ours to use. */
export function forbidsPicture(answer: ProviderAnswer): boolean {
  const { remedy, kind } = providerAnswers[answer];
  return kind === "invalid" && remedy !== "retry";
}

export type AnswerDetails = {
  usage?: PaintUsage | undefined;
  /** Milliseconds. */
  retryAfterMs?: number | null | undefined;
  /** What the provider said, for the log. */
  said?: string | undefined;
  cause?: unknown;
};

/** An answer that should have reported what it used and did not may have been billed in full. */
export function paintingFailureOf(answer: ProviderAnswer, details: AnswerDetails = {}): PaintingFailure {
  const { meaning, sentence, ...facts } = providerAnswers[answer];
  const { usage, retryAfterMs, said, cause } = details;
  return new PaintingFailure({
    ...facts,
    billing: facts.billing === "reported" && !usage?.tokens ? "unknown" : facts.billing,
    publicMessage: sentence,
    message: said ? `${answer}: ${meaning} (${said})` : `${answer}: ${meaning}`,
    retryAfterMs: retryAfterMs ?? null,
    ...(usage === undefined ? {} : { usage }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The table for the documentation, in the order in which it is read. */
export function describeProviderAnswers(): ({ answer: ProviderAnswer } & AnswerRow)[] {
  return (Object.keys(rows) as ProviderAnswer[]).map((answer) => ({ answer, ...providerAnswers[answer] }));
}
