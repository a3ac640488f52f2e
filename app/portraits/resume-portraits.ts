import type { Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import type { PaintingQueue } from "./painting-queue.ts";
import type { PortraitRecords } from "./portrait-records.ts";

/**
 * Accepted means made. A process can die between writing a portrait down and putting it into the queue, and a wish can
 * arrive while the job it would join is just ending; both leave a record that waits for nobody. They are put into the
 * queue again, which does nothing where their job is alive.
 */
export async function resumePortraits({
  records,
  queue,
  clock,
  log,
  silentForMs,
}: {
  records: PortraitRecords;
  queue: PaintingQueue;
  clock: Clock;
  log: Log;
  silentForMs: number;
}): Promise<void> {
  const jobs = await records.forgottenJobs(clock.nowMs() - silentForMs, 100);
  for (const job of jobs) await queue.enqueue(job);
  if (jobs.length > 0) log.info("portraits resumed", { jobs: jobs.length });
}
