import type { PixelRoom } from "#app/photos/pixel-room.ts";
import type { PixelWorkers } from "./pixel-workers.ts";

/** What a cutout or a preview takes in its thread, bytes: 180 and 200 MB were measured, most of it arithmetic's arrays. */
const jobBytes = 200_000_000;

/** The threads, within the memory that photos are decoded in: where there is little of it they take turns with them. */
export function withinRoom(workers: PixelWorkers, room: PixelRoom): PixelWorkers {
  const inTurn = async <Answer>(signal: AbortSignal | undefined, work: () => Promise<Answer>): Promise<Answer> => {
    const stay = await room.enter(jobBytes, { signal });
    return work().finally(stay.leave);
  };
  return Object.freeze({
    ...workers,
    cutOut: (given, options) => inTurn(options.signal, () => workers.cutOut(given, options)),
    paint: (given, options) => inTurn(options.signal, () => workers.paint(given, options)),
  } satisfies PixelWorkers);
}
