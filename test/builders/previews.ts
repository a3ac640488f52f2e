import type { PreviewMaker } from "#app/gallery/preview-maker.ts";

/** The master itself, for tests that look at no pixels. */
export const samePreview: PreviewMaker = {
  make: async (bytes) => ({ bytes, contentType: "image/jpeg", width: 64, height: 80 }),
};
