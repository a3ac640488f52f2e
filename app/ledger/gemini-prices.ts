import { microUsd, type MicroUsd } from "#app/kernel/money.ts";
import { noTokens, type TokenCounts } from "#app/kernel/token-counts.ts";
import type { ModelPrice } from "./price-table.ts";

/**
 * What Google bills for its image models: so much for a million tokens of each kind. Dollars for a million are
 * micro-dollars for one token, so the rates are the price list's own numbers.
 */
export type ImageSize = "1K" | "2K" | "4K";

type PriceListRow = {
  model: string;
  holdsFrom: string;
  /** US dollars for a million tokens. */
  input: number;
  outputText: number;
  outputImage: number;
  /** Output tokens of a picture of each size that the model makes. */
  pictureTokens: Partial<Record<ImageSize, number>>;
};

/** Read on this day from https://ai.google.dev/gemini-api/docs/pricing as several open projects transcribe it. */
const readOn = "2026-10-07";

export const geminiPriceList: readonly PriceListRow[] = Object.freeze([
  {
    model: "gemini-nano-banana-2.1",
    holdsFrom: "2026-10-06",
    input: 1.5,
    outputText: 7.5,
    outputImage: 30,
    pictureTokens: { "1K": 1120, "2K": 1680, "4K": 3780 },
  },
  {
    model: "gemini-3.1-flash-lite-image",
    holdsFrom: "2026-06-30",
    input: 0.25,
    outputText: 1.5,
    outputImage: 30,
    pictureTokens: { "1K": 1120 },
  },
  {
    model: "gemini-3-pro-image",
    holdsFrom: "2026-05-28",
    input: 2,
    outputText: 12,
    outputImage: 120,
    pictureTokens: { "1K": 1120, "2K": 1120, "4K": 2000 },
  },
]);

/** Three photos of 1120 tokens each (1290 in older models) and a prompt; nothing that we send comes near it. */
const mostInputTokens = 8_000;
/** Thinking and text beside the picture. */
const mostOtherTokens = 2_500;

/**
 * The output tokens that a call may use at most, for the request's `maxOutputTokens`: what makes the highest price a
 * bound and not a hope.
 *
 * @returns undefined where the model does not make pictures of this size
 */
export function mostOutputTokens(model: string, size: ImageSize): number | undefined {
  const picture = geminiPriceList.find((row) => row.model === model)?.pictureTokens[size];
  return picture === undefined ? undefined : picture + mostOtherTokens;
}

/** @returns a row for each model that makes pictures of this size */
export function geminiPrices(size: ImageSize): ModelPrice[] {
  return geminiPriceList.flatMap((row) => {
    const picture = row.pictureTokens[size];
    return picture === undefined ? [] : [priceFrom(row, picture)];
  });
}

function priceFrom(row: PriceListRow, pictureTokens: number): ModelPrice {
  const costMicroUsd = (tokens: TokenCounts): MicroUsd =>
    // In thousandths of a micro-dollar, so that rates with a quarter of a dollar stay whole numbers.
    roundedUp(
      (tokens.inputText + tokens.inputImage) * inThousandths(row.input) +
        (tokens.outputText + tokens.thinking) * inThousandths(row.outputText) +
        tokens.outputImage * inThousandths(row.outputImage),
    );
  const highestMicroUsd = costMicroUsd({
    ...noTokens,
    inputImage: mostInputTokens,
    outputImage: pictureTokens + mostOtherTokens,
  });
  return Object.freeze({
    model: row.model,
    holdsFrom: row.holdsFrom,
    priceTable: readOn,
    source: `Google's price list as read on ${readOn}`,
    highestMicroUsd,
    costMicroUsd: (tokens: TokenCounts | null) => (tokens === null ? highestMicroUsd : costMicroUsd(tokens)),
  });
}

const inThousandths = (usdPerMillion: number): number => Math.round(usdPerMillion * 1000);

/** Part of a micro-dollar is a whole one: the ledger never says less than the bill. */
const roundedUp = (thousandths: number): MicroUsd => microUsd(Math.ceil(thousandths / 1000));
