import type { Style } from "../style.ts";

export const penAndMarker: Style = Object.freeze({
  id: "pen_and_marker",
  name: "Sketch",
  description: "Pen lines and bright marker, drawn by hand on white.",
  revision: 1,
  prompt:
    "Draw this pet as a pen and marker illustration of head and neck. Confident ink lines, flat marker colours that stay " +
    "true to the coat, finest detail in the eyes and nose, plain white ground. Keep the pet's face and markings so that " +
    "its owner recognises it at once. No text, no signature, no frame.",
});
