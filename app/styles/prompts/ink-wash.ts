import type { Style } from "../style.ts";

export const inkWash: Style = Object.freeze({
  id: "ink_wash",
  name: "Modern",
  description: "Ink and water on warm paper, in a few sure strokes.",
  revision: 1,
  prompt:
    "Paint this pet as a sumi-e ink wash portrait of head and neck. Use graded washes and loose brush strokes on clean, " +
    "warm white paper. Keep the pet's face, markings and expression so that its owner recognises it at once. " +
    "No text, no signature, no frame.",
});
