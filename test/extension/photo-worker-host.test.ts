import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createPhotoWorker,
  patienceMs,
  type PhotoJob,
  type PhotoNews,
} from "../../extensions/pet-processor/src/photo/photo-worker-host.ts";

const job: PhotoJob = {
  file: new Blob(["photo"]),
  kind: "jpeg",
  limits: { max_bytes: 20_000_000, min_side: 256 },
  heic: null,
};
const heicJob: PhotoJob = {
  ...job,
  kind: "heic",
  heic: { script: "https://cdn.test/d.js", wasm: "https://cdn.test/d.wasm" },
};
const treated = { jpeg: null, sourceSha256: null, width: 800, height: 600, flaws: [] };

/** What the next worker does when it is started, and when it is asked. */
let atStart: (worker: FakeWorker) => void;
let atJob: (worker: FakeWorker) => void;
let workers: FakeWorker[] = [];

class FakeWorker extends EventTarget {
  isEnded = false;
  jobs: unknown[] = [];
  readonly address: string;
  constructor(address: string) {
    super();
    this.address = address;
    workers.push(this);
    atStart(this);
  }
  postMessage(asked: unknown) {
    this.jobs.push(asked);
    atJob(this);
  }
  terminate() {
    this.isEnded = true;
  }
  says(news: PhotoNews) {
    queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data: news })));
  }
  dies() {
    queueMicrotask(() => this.dispatchEvent(new Event("error", { cancelable: true })));
  }
}

/** A clock that stands still until it is moved. */
function stillClock() {
  let nowMs = 0;
  let waiting: { atMs: number; go: () => void }[] = [];
  return {
    wait: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ atMs: nowMs + ms, go: resolve });
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
    async pass(ms: number) {
      await settle();
      nowMs += ms;
      const due = waiting.filter(({ atMs }) => atMs <= nowMs);
      waiting = waiting.filter(({ atMs }) => atMs > nowMs);
      for (const { go } of due) go();
      await settle();
    },
  };
}

const settle = () => new Promise((done) => setTimeout(done, 5));

describe("the photo's worker", () => {
  let clock: ReturnType<typeof stillClock>;
  let fetches: string[];
  let answer: () => Promise<Response>;
  const create = () =>
    createPhotoWorker("https://cdn.test/w.js", {
      fetch: (url) => (fetches.push(url), answer()),
      wait: clock.wait,
    });

  beforeEach(() => {
    [clock, fetches, workers] = [stillClock(), [], []];
    answer = async () => new Response("the worker's script");
    atStart = (worker) => worker.says("ready");
    atJob = (worker) => worker.says(treated);
    vi.stubGlobal("Worker", FakeWorker);
    vi.stubGlobal("OffscreenCanvas", class {});
  });
  afterEach(() => vi.unstubAllGlobals());

  it("is fetched and started from a blob at the first photo, and is the same for the next", async () => {
    const worker = create();
    expect([fetches, workers]).toEqual([[], []]);
    expect(await worker.treat(job)).toEqual(treated);
    expect(await worker.treat(job)).toEqual(treated);
    expect(fetches).toEqual(["https://cdn.test/w.js"]);
    expect(workers.map(({ address, jobs }) => [address.split(":")[0], jobs])).toEqual([["blob", [job, job]]]);
  });

  it("ends when it rests for a minute, and starts again", async () => {
    const worker = create();
    await worker.treat(job);
    await clock.pass(59_999);
    expect(workers[0]?.isEnded).toBe(false);
    await worker.treat(job);
    await clock.pass(59_999);
    expect(workers[0]?.isEnded).toBe(false);
    await clock.pass(1);
    expect(workers[0]?.isEnded).toBe(true);
    expect(await worker.treat(job)).toEqual(treated);
    expect(workers).toHaveLength(2);
  });

  it("ends after libheif, whose memory comes back in no other way", async () => {
    await create().treat(heicJob);
    expect(workers[0]?.isEnded).toBe(true);
  });

  it.each([
    ["dies", (worker: FakeWorker) => worker.dies()],
    ["fails", (worker: FakeWorker) => worker.says("failed")],
    ["hangs", () => {}],
  ])("that %s is lost and ended; the next photo has a new one", async (_, fate) => {
    const worker = create();
    atJob = fate;
    const answered = worker.treat(job);
    await clock.pass(patienceMs);
    expect(await answered).toBe("lost");
    expect(workers[0]?.isEnded).toBe(true);
    atJob = (next) => next.says(treated);
    expect(await worker.treat(job)).toEqual(treated);
    expect(workers).toHaveLength(2);
  });

  it("has its patience anew when the decoder is there", async () => {
    const worker = create();
    atJob = () => {};
    const answered = worker.treat(heicJob);
    await clock.pass(patienceMs - 1);
    workers[0]?.says("going-on");
    await clock.pass(patienceMs - 1);
    workers[0]?.says(treated);
    expect(await answered).toEqual(treated);
  });

  it.each([
    ["says nothing", () => {}],
    ["is refused with an error", (worker: FakeWorker) => worker.dies()],
    [
      "throws",
      () => {
        throw new DOMException("no", "SecurityError");
      },
    ],
  ])("that %s at its start is not tried again", async (_, fate) => {
    const worker = create();
    atStart = fate;
    const answered = worker.treat(job);
    await clock.pass(5_000);
    expect(await answered).toBe("none");
    expect(await worker.treat(job)).toBe("none");
    expect([fetches.length, workers.length]).toEqual([1, 1]);
  });

  it("is tried again where only its script did not come", async () => {
    const worker = create();
    answer = async () => new Response("", { status: 404 });
    expect(await worker.treat(job)).toBe("none");
    answer = () => Promise.reject(new TypeError("offline"));
    expect(await worker.treat(job)).toBe("none");
    answer = async () => new Response("the worker's script");
    expect(await worker.treat(job)).toEqual(treated);
  });

  it("is not asked for where the browser has no canvas for it", async () => {
    vi.stubGlobal("OffscreenCanvas", undefined);
    expect(await create().treat(job)).toBe("none");
    expect(fetches).toEqual([]);
  });
});
