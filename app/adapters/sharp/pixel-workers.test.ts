import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { createClassicBackgroundRemover } from "./classic-background-remover.ts";
import { createPixelWorkers } from "./pixel-workers.ts";
import type { PaintJob } from "./pixel-jobs.ts";

const cat = await readFile(new URL("../../../test/photos/cat.webp", import.meta.url));
const workers = createPixelWorkers({ threads: 1, mostWaiting: 1 });
afterAll(() => workers.close());

/** Seconds of work for one thread. */
const longJob: PaintJob = {
  pets: [{ image: cat, backgroundKept: true }],
  style: "pen_and_marker",
  size: { width: 2048, height: 2560 },
  seed: 1,
  take: 1,
};

describe("the pixel workers", () => {
  it("say hello from a thread", async () => {
    await expect(workers.hello()).resolves.toBeUndefined();
  });

  it("stop a running job when its signal aborts, and go on with another thread", async () => {
    await workers.hello();
    const stop = new AbortController();
    const began = performance.now();
    const job = workers.paint(longJob, { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    await expect(job).rejects.toMatchObject({ code: "pixels_aborted", kind: "unavailable" });
    await workers.hello();
    // The only thread answers again long before the job could have ended by itself.
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it("refuse at once what was aborted before", async () => {
    const job = workers.cutOut({ photo: cat }, { signal: AbortSignal.abort() });
    await expect(job).rejects.toMatchObject({ code: "pixels_aborted" });
  });

  it("refuse a job when too many wait, and tell that another try may work", async () => {
    await workers.hello();
    const stop = new AbortController();
    const jobs = [1, 2, 3].map(() => workers.paint(longJob, { signal: stop.signal }));
    const [running, waiting, refused] = jobs;
    await expect(refused).rejects.toMatchObject({ code: "pixels_busy", kind: "unavailable" });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: "pixels_aborted" });
    await expect(waiting).rejects.toMatchObject({ code: "pixels_aborted" });
  });

  it("end a job at its deadline", async () => {
    const hasty = createPixelWorkers({ threads: 1, deadlineMs: 400 });
    const job = hasty.paint(longJob, {});
    await expect(job).rejects.toMatchObject({ code: "pixels_late", kind: "unavailable" });
    await hasty.close();
  });

  it("call a picture that does not decode the visitor's to mend, also when it is an SVG", async () => {
    const remover = createClassicBackgroundRemover(workers);
    const signal = new AbortController().signal;
    const strangers = [
      cat.subarray(0, 9000),
      Buffer.from("no picture"),
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
    ];
    for (const stranger of strangers) {
      await expect(remover.remove(stranger, { signal })).rejects.toMatchObject({
        kind: "invalid",
        code: "photo_broken",
      });
    }
  });
});
