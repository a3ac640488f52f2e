import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import { AppError } from "#app/kernel/errors.ts";
import type { PixelWorkers } from "./pixel-workers.ts";

/** Takes the background off with our own GrabCut, in a worker thread: no model, no network, nothing to set up. */
export function createClassicBackgroundRemover(workers: PixelWorkers): BackgroundRemover {
  const variant = "classic-1";
  return Object.freeze({
    variant,
    remove: async (photo, { signal }) => {
      const cut = await workers.cutOut({ photo }, { signal });
      if (!cut.done) throw unreadable();
      const { backgroundKept, confidence } = cut;
      return { image: Buffer.from(cut.image), backgroundKept, confidence, by: variant };
    },
  } satisfies BackgroundRemover);
}

function unreadable(): AppError {
  return new AppError({
    code: "photo_broken",
    kind: "invalid",
    publicMessage: "This photo seems to be damaged. Please try another one.",
  });
}
