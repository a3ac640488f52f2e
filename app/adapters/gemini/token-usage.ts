import type { GenerateContentResponseUsageMetadata, MediaModality, ModalityTokenCount } from "@google/genai";
import type { TokenCounts } from "#app/kernel/token-counts.ts";

/**
 * What Google reports, as what it bills. Where it says less than we ask for, we take the dearer reading, so that the
 * ledger may say too much and never too little: tokens whose kind is not given are a picture's, tokens that are only in
 * the total are thoughts, and a report with a number that is none is no report.
 *
 * @returns null where nothing usable was reported; a call without a report is worth its highest price
 */
export function tokenCountsOf(
  usage: GenerateContentResponseUsageMetadata | undefined,
  { pictureCame }: { pictureCame: boolean },
): TokenCounts | null {
  if (usage === undefined || usage === null || typeof usage !== "object") return null;
  const prompt = count(usage.promptTokenCount);
  const output = count(usage.candidatesTokenCount);
  const thoughts = count(usage.thoughtsTokenCount);
  const tools = count(usage.toolUsePromptTokenCount);
  const total = count(usage.totalTokenCount);
  const input = byKind(usage.promptTokensDetails, prompt);
  const made = byKind(usage.candidatesTokensDetails, output);
  const numbers = [prompt, thoughts, tools, total, input.text, input.image, made.text, made.image];
  if (!numbers.every(Number.isSafeInteger)) return null;
  const named = input.text + input.image + tools + made.text + made.image + thoughts;
  if (named + total === 0) return null;
  // A picture costs output tokens; a report without them is not about this picture.
  if (pictureCame && made.text + made.image === 0) return null;
  return {
    inputText: input.text + tools,
    inputImage: input.image,
    outputText: made.text,
    outputImage: made.image,
    thinking: thoughts + Math.max(0, total - named),
  };
}

/** Tokens of words and tokens of everything else, which add up to the whole or to more. */
function byKind(details: ModalityTokenCount[] | undefined, whole: number): { text: number; image: number } {
  let text = 0;
  let image = 0;
  for (const detail of Array.isArray(details) ? details : []) {
    const tokens = count(detail?.tokenCount);
    if (detail?.modality === ("TEXT" as MediaModality)) text += tokens;
    else image += tokens;
  }
  return { text, image: image + Math.max(0, whole - text - image) };
}

/** A hundred times what a model takes in at once. */
const mostTokens = 10_000_000;

/** Absent is none, as in all of Google's JSON; NaN for what is not a count of one call's tokens. */
function count(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= mostTokens ? Number(value) : Number.NaN;
}
