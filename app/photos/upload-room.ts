import { uploadsBusy } from "./errors.ts";

/**
 * Who may send a photo now: a budget of bytes that are on their way or lie in the spool. It counts bytes and not photos,
 * because one large photo weighs as much as fifty small ones. Nobody waits here: who does not fit is told so at once, and
 * sends again later; a queue would only be a longer way to the same end.
 */
export type UploadRoom = {
  /**
   * @param bytes - that the sender says will come, or the most that may come where nothing is said
   * @param holder - whom a share is counted for; null where nobody can be told apart
   * @throws AppError `busy`
   */
  enter(bytes: number, holder: string | null): UploadStay;
  /** Bytes that are held. */
  held(): number;
};

export type UploadStay = {
  /** What really came, bytes; never more than it was let in with. */
  settle(bytes: number): void;
  /** Gives everything back. Safe to call twice. */
  leave(): void;
};

/** A crowd of small photos is a crowd, too: each is a file, some rows and a turn at the decoder. */
const leastBytes = 256 * 1024;

/** Of the room, for one holder; who holds nothing yet may always send one photo. */
const mostShare = 0.5;

export function createUploadRoom({ bytes: roomBytes }: { bytes: number }): UploadRoom {
  const holders = new Map<string, number>();
  let heldBytes = 0;

  const add = (holder: string | null, bytes: number): void => {
    heldBytes += bytes;
    if (holder === null) return;
    const holds = (holders.get(holder) ?? 0) + bytes;
    if (holds === 0) holders.delete(holder);
    else holders.set(holder, holds);
  };

  return Object.freeze({
    enter(bytes: number, holder: string | null) {
      let stays = Math.max(leastBytes, bytes);
      const holds = holder === null ? 0 : (holders.get(holder) ?? 0);
      if (heldBytes + stays > roomBytes || (holds > 0 && holds + stays > roomBytes * mostShare)) throw uploadsBusy();
      add(holder, stays);
      return Object.freeze({
        settle(really: number) {
          const less = Math.min(stays, Math.max(leastBytes, really));
          add(holder, less - stays);
          stays = less;
        },
        leave() {
          add(holder, -stays);
          stays = 0;
        },
      });
    },
    held: () => heldBytes,
  } satisfies UploadRoom);
}
