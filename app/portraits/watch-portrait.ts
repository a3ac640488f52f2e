import { EventEmitter } from "node:events";
import { portraitNotFound } from "./errors.ts";
import { isActive, type PortraitRecord, type PortraitRecords } from "./portrait-records.ts";
import { ownersOf, type Shopper } from "#app/kernel/shopper.ts";

/**
 * Waits for news of a portrait. Makings in this process wake the waiter at once; those of other instances are seen at the
 * next look into the records. The emitter is the house's own, never the module's.
 */
export type PortraitNews = {
  changed(shop: string, key: string): void;
  /** Resolves at the next change of the key, after `timeoutMs`, or when the signal aborts; never rejects. */
  next(shop: string, key: string, options: { timeoutMs: number; signal: AbortSignal }): Promise<void>;
  /** Sends everybody home who waits, now and from now on: the process is going down. */
  end(): void;
  readonly ended: boolean;
};

export function createPortraitNews(): PortraitNews {
  const emitter = new EventEmitter().setMaxListeners(0);
  const nameOf = (shop: string, key: string): string => `${shop}/${key}`;
  let ended = false;
  return Object.freeze({
    get ended() {
      return ended;
    },
    end() {
      ended = true;
      for (const name of emitter.eventNames()) emitter.emit(name);
    },
    changed: (shop: string, key: string) => void emitter.emit(nameOf(shop, key)),
    next: (shop: string, key: string, { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal }) =>
      new Promise<void>((resolve) => {
        const name = nameOf(shop, key);
        const done = () => {
          clearTimeout(timer);
          emitter.off(name, done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        emitter.on(name, done);
        signal.addEventListener("abort", done, { once: true });
      }),
  });
}

/** How long a waiter sleeps between two looks when nothing wakes it, milliseconds. */
const lookEveryMs = 500;

/**
 * @param waitMs - answers earlier when the status or the stage has moved on, or at once when nothing is being made
 * @throws AppError `not_found` for a portrait that is not this shopper's
 */
export async function watchPortrait(
  { records, news }: { records: PortraitRecords; news: PortraitNews },
  shopper: Shopper,
  { id, waitMs, signal }: { id: string; waitMs: number; signal: AbortSignal },
): Promise<PortraitRecord> {
  const owners = ownersOf(shopper);
  const look = async () => (await records.find(shopper.shop, owners, id)) ?? Promise.reject(portraitNotFound());
  const first = await look();
  let portrait = first;
  let leftMs = waitMs;
  while (
    leftMs > 0 &&
    !news.ended &&
    isActive(portrait) &&
    portrait.status === first.status &&
    portrait.stage === first.stage &&
    !signal.aborted
  ) {
    const sleepMs = Math.min(leftMs, lookEveryMs);
    const before = performance.now();
    await news.next(portrait.shop, portrait.key, { timeoutMs: sleepMs, signal });
    leftMs -= Math.max(1, performance.now() - before);
    portrait = await look();
  }
  return portrait;
}
