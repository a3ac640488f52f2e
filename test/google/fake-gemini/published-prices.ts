/**
 * The fake's own bill, worked out from the published prices and not from the app's price table: that the two agree is what
 * a test of the ledger can prove. Prices as read on 7 October 2026, US dollars for a million tokens, which is micro-dollars
 * for one; output tokens of a picture by its size.
 */
type Published = { input: number; text: number; image: number; picture: Partial<Record<PublishedSize, number>> };
export type PublishedSize = "1K" | "2K" | "4K";

const published: Record<string, Published> = {
  "gemini-nano-banana-2.1": { input: 1.5, text: 7.5, image: 30, picture: { "1K": 1120, "2K": 1680, "4K": 3780 } },
  "gemini-3.1-flash-lite-image": { input: 0.25, text: 1.5, image: 30, picture: { "1K": 1120 } },
  "gemini-3-pro-image": { input: 2, text: 12, image: 120, picture: { "1K": 1120, "2K": 1120, "4K": 2000 } },
};

/** Tokens of a photo that goes in. */
export const tokensOfPhoto = 1120;

export function tokensOfPicture(model: string, size: PublishedSize): number {
  return published[model]?.picture[size] ?? 0;
}

export type Used = { promptText: number; promptImage: number; text: number; image: number; thoughts: number };

export type BillLine = { call: number; model: string; used: Used; microUsd: number; why: string };

export type Bill = {
  lines: BillLine[];
  add(line: Omit<BillLine, "microUsd">): void;
  /** Exact, so that it may hold quarters of a micro-dollar. */
  microUsd(): number;
  /** As whoever keeps whole micro-dollars for each call and never too few would add it up. */
  wholeMicroUsd(): number;
};

export function createBill(): Bill {
  const lines: BillLine[] = [];
  return {
    lines,
    add(line) {
      lines.push({ ...line, microUsd: priceOf(line.model, line.used) });
    },
    microUsd: () => lines.reduce((sum, line) => sum + line.microUsd, 0),
    wholeMicroUsd: () => lines.reduce((sum, line) => sum + Math.ceil(line.microUsd), 0),
  };
}

/** Rates are quarters of a dollar, so a double adds them up exactly. */
function priceOf(model: string, used: Used): number {
  const price = published[model];
  if (price === undefined) throw new Error(`the fake has no published price for ${model}`);
  const input = (used.promptText + used.promptImage) * price.input;
  return input + (used.text + used.thoughts) * price.text + used.image * price.image;
}
