import { Piscina } from "piscina";
import { AppError } from "#app/kernel/errors.ts";
import type { PixelJobs } from "./pixel-jobs.ts";
import { makeSharpSafe } from "./sharp-settings.ts";

/**
 * The threads in which pixels are worked on, so that a painter's four seconds of arithmetic never hold up a request.
 * A job ends with an answer, at its deadline, or when its signal aborts: the last two really stop it, because the thread
 * that runs it is thrown away and another is started.
 */
export type PixelWorkers = {
  /** Proves that a thread starts and answers; the wiring lets the start of the house fail when it does not. */
  hello(): Promise<void>;
  cutOut(given: PixelJobs["cutOut"]["given"], options: JobOptions): Promise<PixelJobs["cutOut"]["answer"]>;
  paint(given: PixelJobs["paint"]["given"], options: JobOptions): Promise<PixelJobs["paint"]["answer"]>;
  close(): Promise<void>;
};

export type JobOptions = { signal?: AbortSignal };

export type PixelWorkersOptions = {
  /** One more than this many jobs never run at once. */
  threads: number;
  /** Jobs that may wait for a thread; one more is refused. 8 for each thread by default. */
  mostWaiting?: number;
  /** Time for a job, its waiting included, in milliseconds. */
  deadlineMs?: number;
};

/** Largest JavaScript heap of a thread. Pixels live outside of it and are bounded by the sizes that jobs accept. */
const heapMb = 512;

export function createPixelWorkers(options: PixelWorkersOptions): PixelWorkers {
  const { threads, mostWaiting = threads * 8, deadlineMs = 60_000 } = options;
  makeSharpSafe();
  const pool = new Piscina({
    filename: new URL("./pixel-worker.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });

  /** Counted here because the pool's own limit does not hold while one of its threads is being replaced. */
  let unfinished = 0;

  async function run<Name extends keyof PixelJobs>(
    name: Name,
    given: PixelJobs[Name]["given"],
    { signal }: JobOptions,
  ): Promise<PixelJobs[Name]["answer"]> {
    if (unfinished >= threads + mostWaiting) throw busy();
    const deadline = AbortSignal.timeout(deadlineMs);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    unfinished++;
    try {
      return await (pool.run(given, { name, signal: either }) as Promise<PixelJobs[Name]["answer"]>);
    } catch (error) {
      throw failure(error, { aborted: signal?.aborted === true, late: deadline.aborted });
    } finally {
      unfinished--;
    }
  }

  return Object.freeze({
    hello: async () => {
      const answer = await run("hello", "pixels", {});
      if (answer !== "hello pixels") throw failure(new Error(`a pixel worker answered ${answer}`), notStopped);
    },
    cutOut: (given, jobOptions) => run("cutOut", given, jobOptions),
    paint: (given, jobOptions) => run("paint", given, jobOptions),
    close: () => pool.destroy(),
  } satisfies PixelWorkers);
}

const notStopped = { aborted: false, late: false };

function busy(): AppError {
  return new AppError({
    code: "pixels_busy",
    kind: "unavailable",
    publicMessage: "We are very busy. Please try again in a moment.",
    message: "all pixel workers are at work and too many jobs wait",
  });
}

function failure(error: unknown, stopped: { aborted: boolean; late: boolean }): AppError {
  const facts = {
    kind: "unavailable",
    message: error instanceof Error ? error.message : String(error),
    cause: error,
  } as const;
  if (stopped.aborted)
    return new AppError({ ...facts, code: "pixels_aborted", publicMessage: "The work was stopped." });
  if (stopped.late) {
    return new AppError({ ...facts, code: "pixels_late", publicMessage: "This is taking too long. Please try again." });
  }
  const publicMessage = "The picture could not be made. Please try again.";
  return new AppError({ ...facts, code: "pixels_failed", publicMessage, report: true });
}
