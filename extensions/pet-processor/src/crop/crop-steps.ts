import type { CropView } from "./crop-geometry.ts";

/** The view on show and the way back from it. One gesture is one step, however many moves it is made of. */
export type CropSteps = {
  view: CropView;
  past: readonly CropView[];
  /** The gesture under way, by identity. */
  gesture: object | null;
};

const mostSteps = 50;

export const firstStep = (view: CropView): CropSteps => ({ view, past: [], gesture: null });

export function stepTo(steps: CropSteps, view: CropView, gesture: object): CropSteps {
  if (gesture === steps.gesture) return { ...steps, view };
  if (isSame(view, steps.view)) return steps;
  return { view, past: [...steps.past, steps.view].slice(-mostSteps), gesture };
}

/** Ends the gesture. One that came back to where it began was no step. */
export function settled({ view, past }: CropSteps): CropSteps {
  const before = past.at(-1);
  return { view, past: before && isSame(before, view) ? past.slice(0, -1) : past, gesture: null };
}

export function stepBack(steps: CropSteps): CropSteps {
  const { view, past } = settled(steps);
  return { view: past.at(-1) ?? view, past: past.slice(0, -1), gesture: null };
}

export function isSame(one: CropView, other: CropView): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) < 1e-6;
  return one.turn === other.turn && near(one.scale, other.scale) && near(one.x, other.x) && near(one.y, other.y);
}
