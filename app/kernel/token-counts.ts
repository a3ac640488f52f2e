/**
 * What one call of a model used, by what it is billed as. Thinking is billed as text that came out and is reported beside
 * the output, not within it (https://ai.google.dev/gemini-api/docs/pricing).
 */
export type TokenCounts = {
  inputText: number;
  inputImage: number;
  outputText: number;
  outputImage: number;
  thinking: number;
};

export const noTokens: TokenCounts = Object.freeze({
  inputText: 0,
  inputImage: 0,
  outputText: 0,
  outputImage: 0,
  thinking: 0,
});
