import type { Size } from "./raster.ts";

/**
 * What the worker threads can do: a name, what it is given and what it answers. Everything here must survive a
 * structured clone, so results are plain values and expected failures are answers, not errors.
 */
export type PixelJobs = {
  hello: { given: string; answer: string };
  cutOut: { given: { photo: Uint8Array }; answer: CutOutAnswer };
  paint: { given: PaintJob; answer: PaintAnswer };
};

export type CutOutAnswer =
  { done: true; image: Uint8Array; backgroundKept: boolean; confidence: number } | { done: false; why: "unreadable" };

export type PreviewStyle = "ink_wash" | "pen_and_marker";

export type PaintJob = {
  pets: { image: Uint8Array; backgroundKept: boolean }[];
  style: PreviewStyle;
  size: Size;
  seed: number;
  take: number;
};

export type PaintAnswer = { done: true; image: Uint8Array } | { done: false; why: "unreadable" | "empty" };
