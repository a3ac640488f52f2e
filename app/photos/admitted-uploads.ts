import type { Clock } from "#app/kernel/clock.ts";
import type { Shopper } from "#app/kernel/shopper.ts";
import { photoTooLarge } from "./errors.ts";
import { pacedBody, type Pace } from "./paced-body.ts";
import type { UploadRoom } from "./upload-room.ts";
import type { SpooledUpload, UploadSpool } from "./upload-spool.ts";

/**
 * The way of every photo into the spool: let in by what it weighs, taken off the wire, corrected to what really came, and
 * given back when it is discarded, or when anything goes wrong on the way.
 */
export type AdmittedUploads = {
  /**
   * Nothing of the body is read before it is let in.
   * @param declaredBytes - the length that the sender gives; null where none is given
   * @throws AppError `photo_too_large` for what says itself that it is, `busy` when there is no room now, `upload_too_slow`,
   *   and what the spool throws
   */
  receive(body: ReadableStream<Uint8Array>, upload: UploadOnItsWay): Promise<SpooledUpload>;
};

export type UploadOnItsWay = {
  shopper: Shopper;
  declaredBytes: number | null;
  maxBytes: number;
  /** Who sends: a shopper has to keep up a pace, our own storage has deadlines of its own. */
  from: "shopper" | "storage";
};

export type AdmittedUploadsParts = {
  spool: UploadSpool;
  room: UploadRoom;
  clock: Clock;
  /** Milliseconds that a sender has for all of a body before the server hangs up. */
  wholeBodyMs: number;
};

const graceMs = 10_000;
/** The least that any phone manages, bytes a second. */
const leastBytesPerSecond = 32_000;

export function createAdmittedUploads(parts: AdmittedUploadsParts): AdmittedUploads {
  return Object.freeze({
    async receive(body, { shopper, declaredBytes, maxBytes, from }) {
      if (declaredBytes !== null && declaredBytes > maxBytes) throw photoTooLarge(maxBytes);
      const stay = parts.room.enter(declaredBytes ?? maxBytes, shopper.address ?? shopper.session);
      try {
        const paced = from === "storage" ? body : pacedBody(body, paceFor(declaredBytes, parts), parts.clock);
        const upload = await parts.spool.receive(paced, { maxBytes });
        stay.settle(upload.bytes);
        const discard = async () => {
          await upload.discard();
          stay.leave();
        };
        return { ...upload, discard };
      } catch (error) {
        stay.leave();
        throw error;
      }
    },
  } satisfies AdmittedUploads);
}

function paceFor(declaredBytes: number | null, { wholeBodyMs }: AdmittedUploadsParts): Pace {
  const inTime = ((declaredBytes ?? 0) / wholeBodyMs) * 1000;
  return { graceMs, bytesPerSecond: Math.max(leastBytesPerSecond, inTime) };
}
