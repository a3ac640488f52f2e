import type { Candidate, GenerateContentResponse, Part } from "@google/genai";
import type { PaintUsage } from "#app/painters/painter.ts";
import { answerOfBlock, answerOfFinish, forbidsPicture, type ProviderAnswer } from "#app/painters/provider-answers.ts";
import { tokenCountsOf } from "./token-usage.ts";

/** What an answer comes to: a picture, or the reason why there is none. What was used is reported with either. */
export type Reading = { usage: PaintUsage } & (
  { picture: Buffer } | { picture: null; answer: ProviderAnswer; said: string }
);

/**
 * Nothing about an answer's shape is taken for granted. It is read part by part: the SDK's own getters for text and data
 * join what does not belong together and write warnings to the console.
 */
export function readAnswer(response: GenerateContentResponse, headers: Headers | null): Reading {
  const [candidate] = listOf(response.candidates);
  const reason = wordOf(candidate?.finishReason);
  const blocked = wordOf(response.promptFeedback?.blockReason);
  const answer = answerFor(candidate, { reason, blocked });
  const endedWell = blocked === undefined && (reason === undefined || reason === "STOP");
  const picture = pictureOf(partsOf(candidate), { endedWell });
  const usage: PaintUsage = {
    tokens: tokenCountsOf(response.usageMetadata, { pictureCame: picture !== undefined }),
    finishReason: reason ?? blocked ?? null,
    providerRequestId: requestIdOf(response, headers),
  };
  if (picture !== undefined && !forbidsPicture(answer)) return { usage, picture };
  return { usage, picture: null, answer, said: saidIn(response, candidate) };
}

/** The row for this answer if it holds no picture. */
function answerFor(
  candidate: Candidate | undefined,
  { reason, blocked }: { reason: string | undefined; blocked: string | undefined },
): ProviderAnswer {
  if (blocked !== undefined) return answerOfBlock(blocked);
  if (candidate === undefined) return "no candidates";
  if (reason !== undefined && reason !== "STOP") return answerOfFinish(reason);
  const parts = partsOf(candidate);
  if (parts.length === 0) return "no parts";
  return parts.some((part) => isWords(part) && part.thought !== true) ? "text only" : "finish STOP";
}

/**
 * The last picture that is not a thought. Models think in pictures too, and some flag their final one as a thought; that
 * one is taken where nothing else is there and the answer ended well.
 */
function pictureOf(parts: Part[], { endedWell }: { endedWell: boolean }): Buffer | undefined {
  const pictures = parts.filter(isPicture);
  const final = pictures.findLast((part) => part.thought !== true) ?? (endedWell ? pictures.at(-1) : undefined);
  const bytes = final === undefined ? undefined : Buffer.from(final.inlineData.data, "base64");
  return bytes === undefined || bytes.length === 0 ? undefined : bytes;
}

type PicturePart = Part & { inlineData: { data: string } };

function isPicture(part: Part): part is PicturePart {
  const { data, mimeType } = part.inlineData ?? {};
  return typeof data === "string" && data !== "" && (mimeType === undefined || String(mimeType).startsWith("image/"));
}

const isWords = (part: Part): boolean => typeof part.text === "string" && part.text.trim() !== "";

function partsOf(candidate: Candidate | undefined): Part[] {
  return listOf(candidate?.content?.parts).filter((part) => typeof part === "object" && part !== null);
}

const listOf = <T>(value: T[] | undefined): T[] => (Array.isArray(value) ? value : []);

/** A reason goes into the ledger, so what is not a word is not let in. */
function wordOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(value) ? value : "UNREADABLE";
}

/** What Google's support asks for. */
export function requestIdOf(response: { responseId?: unknown } | null, headers: Headers | null): string | null {
  const names = ["x-goog-request-id", "x-request-id", "x-cloud-trace-context"];
  const candidates = [response?.responseId, ...names.map((name) => headers?.get(name))];
  const id = candidates.find((value): value is string => typeof value === "string" && value !== "");
  return id === undefined ? null : id.replace(/[^\x21-\x7e]/g, "").slice(0, 128);
}

/** The model's or the filter's own words, for the log. */
function saidIn(response: GenerateContentResponse, candidate: Candidate | undefined): string {
  const words = partsOf(candidate)
    .filter((part) => isWords(part) && part.thought !== true)
    .map((part) => part.text);
  return shortened([response.promptFeedback?.blockReasonMessage, candidate?.finishMessage, ...words]);
}

/** One line of at most 300 characters, whatever was said. */
export function shortened(said: unknown[]): string {
  return said
    .filter((words) => typeof words === "string")
    .join(" ")
    .slice(0, 2_000)
    .replace(/[\s\p{C}]+/gu, " ")
    .trim()
    .slice(0, 300);
}
