import type { Bucket } from "@google-cloud/storage";
import type { Clock } from "#app/kernel/clock.ts";
import { refuseOddName } from "./object-name.ts";
import { patiently, usualPatience, type Patience } from "./patience.ts";

/**
 * Addresses under which a browser may read one object of the private bucket for a while. Within a window all of them are
 * the same text, so that the browser finds in its cache what it has read before.
 */
export type SignedReads = {
  /**
   * @returns an absolute address, valid for at least one window and at most two
   * @throws AppError `busy` when nothing can be signed now
   */
  addressOf(name: string): Promise<string>;
};

export function createSignedReads(
  bucket: Bucket,
  { clock, windowMs = 15 * 60_000, patience }: { clock: Clock; windowMs?: number; patience?: Partial<Patience> },
): SignedReads {
  return Object.freeze({
    async addressOf(name: string) {
      refuseOddName(name);
      const beganMs = Math.floor(clock.nowMs() / windowMs) * windowMs;
      const sign = () =>
        bucket.file(name).getSignedUrl({
          version: "v4",
          action: "read",
          accessibleAt: new Date(beganMs),
          expires: new Date(beganMs + 2 * windowMs),
        });
      const [address] = await patiently(sign, { clock, patience: { ...usualPatience, ...patience } });
      return address;
    },
  });
}
