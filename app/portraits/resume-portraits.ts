import type { Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import { paintingTookTooLong } from "#app/painters/errors.ts";
import type { MakePortrait } from "./make-portrait.ts";
import type { PaintingQueue } from "./painting-queue.ts";
import type { PortraitRecords } from "./portrait-records.ts";
import { turnInLine } from "./turn-in-line.ts";

/**
 * Accepted means made, or given up with a sentence. A process can die between writing a portrait down and putting it into
 * the queue, and a wish can arrive while the job it would join is just ending; both leave a record that waits for nobody.
 * They are put into the queue again, which does nothing where their job is alive. What has not been made after a long
 * while (a photo that kills every process that touches it) ends as failed, and whatever was reserved is given back.
 */
export type ResumePortraitsParts = {
  records: PortraitRecords;
  queue: PaintingQueue;
  makePortrait: MakePortrait;
  clock: Clock;
  log: Log;
  /** Younger portraits are surely in the queue, milliseconds. */
  silentForMs: number;
  /** Older portraits are given up, milliseconds. */
  giveUpAfterMs: number;
};

/** Jobs looked at in one go. */
const atOnce = 100;

export async function resumePortraits(parts: ResumePortraitsParts): Promise<void> {
  const { records, queue, makePortrait, clock, log } = parts;
  const hopeless = await records.forgottenJobs(clock.nowMs() - parts.giveUpAfterMs, atOnce);
  for (const { shop, key } of hopeless) {
    log.error("portrait given up", { shop, key });
    await makePortrait.giveUp({ shop, key }, paintingTookTooLong(undefined));
  }
  const silent = await records.forgottenJobs(clock.nowMs() - parts.silentForMs, atOnce);
  for (const { shop, key, isOrdered } of silent) {
    // They have waited long enough not to stand in line again.
    const turnAtMs = turnInLine({ nowMs: clock.nowMs() - parts.silentForMs, shopsWaiting: 0, isOrdered });
    await queue.enqueue({ shop, key }, { turnAtMs });
  }
  if (silent.length > 0) log.info("portraits resumed", { jobs: silent.length });
}
