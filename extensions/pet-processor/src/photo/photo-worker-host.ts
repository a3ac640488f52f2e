import type { Surroundings } from "../page/surroundings.ts";
import type { HeicUrls } from "./photo-heic.ts";
import type { FileKind } from "./photo-kind.ts";
import type { PhotoLimits, PhotoRefusal, TreatedPhoto } from "./photo-treatment.ts";

/**
 * Starts the worker at the first photo and ends it when it rests, hangs or dies. Its script lies on another origin (the
 * shop's CDN), from which no browser starts a worker: it is fetched, and started from a `blob:` address.
 */
export type PhotoJob = {
  file: Blob;
  kind: FileKind;
  limits: PhotoLimits;
  /** Given where libheif is to open the photo. */
  heic: HeicUrls | null;
};

export type PhotoNews = "ready" | "going-on" | "undecoded" | "failed" | TreatedPhoto | PhotoRefusal;

export type PhotoWorker = {
  /** One job at a time. `"lost"` where the worker died, hung or failed at it, `"none"` where there is no worker to be had. */
  treat(job: PhotoJob): Promise<TreatedPhoto | PhotoRefusal | "undecoded" | "lost" | "none">;
};

export type WorkerSurroundings = Pick<Surroundings, "fetch" | "wait">;

/** For its script to come and to run. Longer than that, and the page is sooner done by itself. */
const startMs = 5_000;
/** Without news of a job. */
export const patienceMs = 30_000;
/** Without a job; another pet's photo often follows soon. */
const idleMs = 60_000;

export function createPhotoWorker(url: string, around: WorkerSurroundings): PhotoWorker {
  let worker: Worker | null = null;
  let isForbidden = false;
  let rest = new AbortController();

  const end = () => {
    worker?.terminate();
    worker = null;
  };

  async function start(): Promise<Worker | null> {
    if (isForbidden || typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return null;
    const script = await fetchScript(url, around);
    if (!script) return null;
    const started = await startWorker(script, around);
    // Forbidden by the page's policy, or not able to: it would be so the next time.
    isForbidden = !started;
    return started;
  }

  return Object.freeze({
    async treat(job: PhotoJob) {
      rest.abort();
      worker ??= await start();
      if (!worker) return "none" as const;
      const answer = await ask(worker, job, around);
      // What libheif has taken of memory, it gives back only with its worker.
      if (answer === "lost" || job.heic) end();
      rest = new AbortController();
      around.wait(idleMs, rest.signal).then(end, () => {});
      return answer;
    },
  });
}

async function fetchScript(url: string, around: WorkerSurroundings): Promise<Blob | null> {
  const limit = new AbortController();
  around.wait(startMs, limit.signal).then(
    () => limit.abort(),
    () => {},
  );
  try {
    const response = await around.fetch(url, { signal: limit.signal, credentials: "omit" });
    return response.ok ? new Blob([await response.arrayBuffer()], { type: "text/javascript" }) : null;
  } catch {
    return null;
  } finally {
    limit.abort();
  }
}

/** A policy that forbids the worker throws in one browser and sends an error in another; some say nothing. */
async function startWorker(script: Blob, around: WorkerSurroundings): Promise<Worker | null> {
  const address = URL.createObjectURL(script);
  try {
    const worker = new Worker(address);
    const isReady = (await nextNews(worker, startMs, around)) === "ready";
    if (isReady) return worker;
    worker.terminate();
    return null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function ask(worker: Worker, job: PhotoJob, around: WorkerSurroundings) {
  worker.postMessage(job);
  let news: PhotoNews | null;
  do news = await nextNews(worker, patienceMs, around);
  while (news === "going-on" || news === "ready");
  return news === null || news === "failed" ? "lost" : news;
}

/** Null where the worker dies, or says nothing for so long. */
function nextNews(worker: Worker, limitMs: number, around: WorkerSurroundings): Promise<PhotoNews | null> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const { signal } = over;
    const settle = (news: PhotoNews | null) => {
      over.abort();
      resolve(news);
    };
    worker.addEventListener("message", ({ data }: MessageEvent<PhotoNews>) => settle(data), { signal });
    worker.addEventListener("messageerror", () => settle(null), { signal });
    worker.addEventListener(
      "error",
      (event) => {
        // Ours to deal with: the page's own error counters need not hear of it.
        event.preventDefault();
        settle(null);
      },
      { signal },
    );
    around.wait(limitMs, signal).then(
      () => settle(null),
      () => {},
    );
  });
}
