import type { PaintingJob } from "#app/portraits/painting-queue.ts";
import type { VirtualTime } from "./virtual-time.ts";

/**
 * The queue as pg-boss keeps it for `exclusive` keys: one job of a key waits or is at work; a job whose worker gives no
 * sign of life, takes too long or throws is tried again, five times, later each time. A worker settles by the job's name:
 * one that was taken for dead and comes back ends the job that somebody else is at work on.
 */
export type Job = PaintingJob & {
  id: number;
  state: "waiting" | "active" | "ended";
  tries: number;
  startAtMs: number;
  turnAtMs: number;
};

export type WalkQueue = ReturnType<typeof createWalkQueue>;

const retryLimit = 5;
/** The deadline of a making and half a minute, milliseconds. */
const expiresAfterMs = 110_000;
/** Ten seconds without a heartbeat, seen at the next look, milliseconds. */
export const missedAfterMs = 12_000;

export function createWalkQueue(time: VirtualTime) {
  const jobs: Job[] = [];
  let wakers: (() => void)[] = [];
  const wake = () => {
    const woken = wakers;
    wakers = [];
    for (const one of woken) one();
  };
  const isOpen = ({ state }: Job) => state !== "ended";

  const tryAgain = (job: Job): void => {
    if (job.tries > retryLimit) {
      job.state = "ended";
      return;
    }
    const delayMs = Math.min(10_000, 1_000 * 2 ** job.tries);
    Object.assign(job, { state: "waiting", startAtMs: time.nowMs + delayMs });
    time.after(delayMs, wake);
  };
  /** Only the try that is meant: the job may be at work anew. */
  const failTry = (job: Job, tries: number): void => {
    if (job.state === "active" && job.tries === tries) tryAgain(job);
  };

  return {
    enqueue({ shop, key }: PaintingJob, { turnAtMs }: { turnAtMs: number }): void {
      if (jobs.some((job) => isOpen(job) && job.shop === shop && job.key === key)) return;
      jobs.push({ shop, key, id: jobs.length, state: "waiting", tries: 0, startAtMs: time.nowMs, turnAtMs });
      wake();
    },
    fetch(): Job | undefined {
      const ready = jobs.filter(({ state, startAtMs }) => state === "waiting" && startAtMs <= time.nowMs);
      const [job] = ready.sort((a, b) => a.turnAtMs - b.turnAtMs || a.id - b.id);
      if (job === undefined) return undefined;
      job.state = "active";
      const tries = (job.tries += 1);
      time.after(expiresAfterMs, () => failTry(job, tries));
      return job;
    },
    complete: (job: Job) => void (job.state === "active" && (job.state = "ended")),
    failTry,
    /** When there may be something to fetch. */
    somethingNew: () => new Promise<void>((resolve) => wakers.push(resolve)),
    isIdle: () => !jobs.some(isOpen),
  };
}
