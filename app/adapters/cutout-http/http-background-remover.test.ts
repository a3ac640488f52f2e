import sharp from "sharp";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCutoutInspector } from "#app/adapters/sharp/cutout-inspector.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import { AppError } from "#app/kernel/errors.ts";
import { quickRemover } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import {
  startFakeCutoutService,
  type FakeCutoutService,
  type ServiceAnswer,
} from "#test/cutouts/fake-cutout-service.ts";
import { createHttpBackgroundRemover, type HttpBackgroundRemoverOptions } from "./http-background-remover.ts";

let service: FakeCutoutService;
let photo: Buffer;
let warned: Record<string, unknown>[];
beforeAll(async () => (photo = await smallPhoto(7)));
beforeEach(async () => {
  service = await startFakeCutoutService();
  warned = [];
});
afterEach(() => service.close());

const never = new AbortController().signal;
const open = (options: Partial<HttpBackgroundRemoverOptions> = {}): BackgroundRemover =>
  createHttpBackgroundRemover({
    url: service.url,
    kind: "rembg",
    version: "2.0.67",
    deadlineMs: 5_000,
    secondCallAfterMs: 1,
    outagesInARow: 100,
    inspector: createCutoutInspector(),
    fallback: quickRemover,
    log: { warn: (_event, facts) => void warned.push(facts ?? {}), error: (_event, facts) => void warned.push(facts!) },
    ...options,
  });

describe("the call", () => {
  it("is a form with the photo, as rembg reads it, and the cutout comes back as it was made", async () => {
    const cutout = await open().remove(photo, { signal: never });
    const [call] = service.calls;
    expect([call?.path, call?.fields, call?.file.equals(photo)]).toEqual(["/api/remove", {}, true]);
    // A compressed answer could be a thousand times as long as what was counted.
    expect(call?.headers["accept-encoding"]).toBe("identity");
    expect(cutout).toMatchObject({ by: "rembg-2.0.67", backgroundKept: false, confidence: null });
    expect((await sharp(cutout.image).metadata()).hasAlpha).toBe(true);
  });

  it("names the model and goes to another path where it is told to, and the variant knows all of it", async () => {
    const remover = open({ kind: "inspyrenet", version: "1.3.4", model: "base", path: "/cut" });
    await remover.remove(photo, { signal: never });
    expect(service.calls).toMatchObject([{ path: "/cut", fields: { model: "base" } }]);
    expect(remover.variant).toBe("inspyrenet-1.3.4-base");
  });
});

describe("one second call", () => {
  const worthIt: ServiceAnswer[] = [
    { kind: "status", status: 500 },
    { kind: "status", status: 503 },
    { kind: "status", status: 429 },
    { kind: "reset" },
    { kind: "cut body" },
  ];
  it.each(worthIt)("is made after $kind $status", async (answer) => {
    service.plan(answer, { kind: "cutout" });
    expect((await open().remove(photo, { signal: never })).by).toBe("rembg-2.0.67");
    expect(service.calls).toHaveLength(2);
  });

  it.each(worthIt)("and no third after $kind $status again: the fallback cuts", async (answer) => {
    service.plan(answer);
    expect((await open().remove(photo, { signal: never })).by).toBe("quick-1");
    expect(service.calls).toHaveLength(2);
    expect(warned).toMatchObject([{ remover: "rembg-2.0.67", by: "quick-1" }]);
  });

  it("is made when nobody listens at the address", async () => {
    await service.close();
    expect((await open().remove(photo, { signal: never })).by).toBe("quick-1");
    expect(warned).toMatchObject([{ why: "ECONNREFUSED" }]);
    service = await startFakeCutoutService();
  });

  it.each([400, 401, 404, 413, 422])("is not made after %i, which would be the same again", async (status) => {
    service.plan({ kind: "status", status }, { kind: "cutout" });
    expect((await open().remove(photo, { signal: never })).by).toBe("quick-1");
    expect(service.calls).toHaveLength(1);
  });

  it("is not made to where the service points", async () => {
    service.plan({ kind: "status", status: 307, location: `${service.url}/elsewhere` });
    expect((await open().remove(photo, { signal: never })).by).toBe("quick-1");
    expect(service.calls.map(({ path }) => path)).toEqual(["/api/remove"]);
  });
});

describe("a bad answer is not painted", () => {
  it.each<[ServiceAnswer, string]>([
    [{ kind: "html" }, "not a PNG"],
    [{ kind: "mask" }, "no alpha channel"],
    [{ kind: "cutout", resize: { width: 400, height: 320 } }, "another size than the photo"],
    [{ kind: "cutout", resize: { width: 320, height: 399 } }, "another size than the photo"],
    [{ kind: "cutout", resize: { width: 319, height: 400 } }, "another size than the photo"],
    [{ kind: "opaque" }, "nothing is gone"],
    [{ kind: "empty" }, "nothing is left"],
    [{ kind: "specks" }, "nothing is left"],
    [{ kind: "truncated png" }, "broken"],
  ])("%j: %s", async (answer, why) => {
    service.plan(answer);
    expect((await open().remove(photo, { signal: never })).by).toBe("quick-1");
    expect(warned).toEqual([{ remover: "rembg-2.0.67", by: "quick-1", why }]);
    expect(service.calls).toHaveLength(1);
  });
});

describe("an answer of 200 MB", () => {
  it.each([true, false])("is cut off after the limit (length declared: %s)", async (declared) => {
    service.plan({ kind: "flood", bytes: 200_000_000, declared });
    const before = process.memoryUsage().rss;
    expect((await open({ mostBytes: 2_000_000 }).remove(photo, { signal: never })).by).toBe("quick-1");
    await expect.poll(() => service.calls[0]?.aborted).toBe(true);
    // What the system's sockets hold was sent too; far from the whole all the same.
    expect(service.sentBytes()).toBeLessThan(20_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(warned).toMatchObject([{ why: "more than 2000000 bytes" }]);
    expect(service.calls).toHaveLength(1);
  });

  it("is cut off at 25 MB where nothing else is said", async () => {
    service.plan({ kind: "flood", bytes: 200_000_000, declared: false });
    await open().remove(photo, { signal: never });
    expect(service.sentBytes()).toBeGreaterThan(25_000_000);
    expect(service.sentBytes()).toBeLessThan(45_000_000);
  });
});

it("a refusal that goes on for ever is not listened to", async () => {
  service.plan({ kind: "flood", bytes: 200_000_000, declared: false, status: 404 });
  await open().remove(photo, { signal: never });
  await expect.poll(() => service.calls[0]?.aborted).toBe(true);
});

describe("time", () => {
  it.each<ServiceAnswer>([{ kind: "silence" }, { kind: "trickle", everyMs: 20 }])(
    "is up at the deadline, also for $kind, and the fallback cuts",
    async (answer) => {
      service.plan(answer);
      expect((await open({ deadlineMs: 300 }).remove(photo, { signal: never })).by).toBe("quick-1");
      expect(warned).toMatchObject([{ why: "no answer within 300 ms" }]);
      expect(service.calls).toHaveLength(1);
      await expect.poll(() => service.calls[0]?.aborted).toBe(true);
    },
  );

  it("for the second call is what the first one left over", async () => {
    service.plan({ kind: "status", status: 503 }, { kind: "silence" });
    await open({ deadlineMs: 400, secondCallAfterMs: 200 }).remove(photo, { signal: never });
    expect(warned).toMatchObject([{ why: "no answer within 400 ms" }]);
    expect(service.calls).toHaveLength(2);
  });

  it.each<ServiceAnswer>([{ kind: "silence" }, { kind: "status", status: 503 }])(
    "of a caller who leaves during $kind is not spent on the fallback",
    async (answer) => {
      service.plan(answer);
      const leave = new AbortController();
      const fallback = { ...quickRemover, remove: () => Promise.reject(new Error("the fallback was asked")) };
      const work = open({ fallback, secondCallAfterMs: 2_000 }).remove(photo, { signal: leave.signal });
      await expect.poll(() => service.calls.length).toBe(1);
      leave.abort();
      await expect(work).rejects.toBeInstanceOf(AppError);
      await expect(work).rejects.toMatchObject({ code: "cutout_stopped", kind: "unavailable" });
      expect(warned).toEqual([]);
    },
  );
});

describe("a service with an outage", () => {
  const down = { kind: "status", status: 503 } as const;
  it("is left alone after three in a row, and asked again after a rest", async () => {
    service.plan(down, down, down, down, down, down, { kind: "cutout" });
    const remover = open({ outagesInARow: 3, restMs: 200 });
    const by: string[] = [];
    for (let n = 0; n < 5; n++) by.push((await remover.remove(photo, { signal: never })).by);
    expect([by, service.calls.length]).toEqual([Array.from({ length: 5 }, () => "quick-1"), 6]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await remover.remove(photo, { signal: never })).by).toBe("rembg-2.0.67");
  });

  it("is not what a photo makes of it that it refuses", async () => {
    service.plan({ kind: "status", status: 422 });
    const remover = open({ outagesInARow: 3 });
    for (let n = 0; n < 5; n++) await remover.remove(photo, { signal: never });
    expect(service.calls).toHaveLength(5);
  });

  it("is not what callers make of it who leave", async () => {
    const remover = open({ outagesInARow: 1 });
    service.plan({ kind: "silence" });
    const leave = new AbortController();
    const work = remover.remove(photo, { signal: leave.signal });
    await expect.poll(() => service.calls.length).toBe(1);
    leave.abort();
    await expect(work).rejects.toThrow();
    service.plan({ kind: "cutout" });
    expect((await remover.remove(photo, { signal: never })).by).toBe("rembg-2.0.67");
  });
});

it("a fallback that fails has the last word", async () => {
  service.plan({ kind: "reset" });
  const broken = new AppError({ code: "photo_broken", kind: "invalid", publicMessage: "Broken." });
  const fallback = { variant: "x-1", remove: () => Promise.reject(broken) };
  await expect(open({ fallback }).remove(photo, { signal: never })).rejects.toBe(broken);
});
