/**
 * Memory for pixels at work. A picture that is decoded takes many times what its file has, so each piece of work says
 * what it needs and waits its turn until that much is free. Who comes first goes first: a large picture is not overtaken
 * for ever by small ones. What waits here was let in before, and is bounded by that.
 */
export type PixelRoom = {
  readonly bytes: number;
  /**
   * @param bytes - that the work needs at most; what needs more than all of the room gets all of it, alone
   * @throws the signal's reason when it aborts while the work waits
   */
  enter(bytes: number, options?: { signal?: AbortSignal | undefined }): Promise<PixelStay>;
};

export type PixelStay = {
  /** The work is done, and its result of that many bytes is still held. */
  keep(bytes: number): void;
  /** Gives everything back. Safe to call twice. */
  leave(): void;
};

type Waiting = { bytes: number; begin: (stay: PixelStay) => void };

export function createPixelRoom({ bytes: roomBytes }: { bytes: number }): PixelRoom {
  const waiting: Waiting[] = [];
  let freeBytes = roomBytes;

  const letIn = (): void => {
    for (let next = waiting[0]; next !== undefined && next.bytes <= freeBytes; next = waiting[0]) {
      waiting.shift();
      next.begin(stayOf(next.bytes));
    }
  };
  const stayOf = (bytes: number): PixelStay => {
    let stays = bytes;
    freeBytes -= bytes;
    const shrinkTo = (less: number): void => {
      if (less >= stays) return;
      freeBytes += stays - less;
      stays = less;
      letIn();
    };
    return Object.freeze({ keep: shrinkTo, leave: () => shrinkTo(0) });
  };

  return Object.freeze({
    bytes: roomBytes,
    async enter(bytes, { signal } = {}) {
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        const place: Waiting = {
          bytes: Math.min(bytes, roomBytes),
          begin(stay) {
            signal?.removeEventListener("abort", giveUp);
            resolve(stay);
          },
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(place), 1);
          reject(signal?.reason as Error);
          // It may have stood in the way of those behind it.
          letIn();
        };
        signal?.addEventListener("abort", giveUp, { once: true });
        waiting.push(place);
        letIn();
      });
    },
  } satisfies PixelRoom);
}
