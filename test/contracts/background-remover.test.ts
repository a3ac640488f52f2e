import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpBackgroundRemover } from "#app/adapters/cutout-http/http-background-remover.ts";
import { createClassicBackgroundRemover } from "#app/adapters/sharp/classic-background-remover.ts";
import { createCutoutInspector } from "#app/adapters/sharp/cutout-inspector.ts";
import { createPixelWorkers } from "#app/adapters/sharp/pixel-workers.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import { AppError } from "#app/kernel/errors.ts";
import { catPhoto, dogPhoto, smallPhoto } from "#test/builders/photos.ts";
import { startFakeCutoutService } from "#test/cutouts/fake-cutout-service.ts";

/** Every remover, and the variants that may have made its cutouts. */
type OpenRemover = { remover: BackgroundRemover; makers: string[]; close(): Promise<void> };

const workers = createPixelWorkers({ threads: 1 });
const classic = createClassicBackgroundRemover(workers);
afterAll(() => workers.close());

async function openHttp(status?: number): Promise<OpenRemover> {
  const service = await startFakeCutoutService();
  service.plan(status === undefined ? { kind: "cutout", afterMs: 20 } : { kind: "status", status });
  const remover = createHttpBackgroundRemover({
    url: service.url,
    kind: "rembg",
    version: "2.0.67",
    deadlineMs: 10_000,
    secondCallAfterMs: 1,
    inspector: createCutoutInspector(),
    fallback: classic,
  });
  const makers = status === undefined ? [remover.variant] : [classic.variant];
  return { remover, makers, close: () => service.close() };
}

const removers: Record<string, () => Promise<OpenRemover>> = {
  classic: async () => ({ remover: classic, makers: [classic.variant], close: async () => undefined }),
  "a service over HTTP": () => openHttp(),
  "a service over HTTP that is down": () => openHttp(503),
  "a service over HTTP that refuses": () => openHttp(422),
};

const { signal } = new AbortController();
const sizeOf = async (image: Buffer) => {
  const { width, height } = await sharp(image).metadata();
  return { width, height };
};

describe.each(Object.entries(removers))("the background remover: %s", (_name, open) => {
  let at: OpenRemover;
  beforeAll(async () => (at = await open()));
  afterAll(() => at.close());

  it("has a name that fits into a key and a log", () => {
    expect(at.remover.variant).toMatch(/^[a-z][a-z0-9.-]{2,60}$/);
  });

  it.each(["jpeg", "png", "webp"] as const)("makes a PNG with alpha of a %s, of the same size", async (format) => {
    const photo = await sharp(catPhoto).resize(360).toFormat(format).toBuffer();
    const { image } = await at.remover.remove(photo, { signal });
    const facts = await sharp(image).metadata();
    expect([facts.format, facts.hasAlpha]).toEqual(["png", true]);
    expect(await sizeOf(image)).toEqual(await sizeOf(photo));
  });

  it("leaves something and takes something away", async () => {
    const { image } = await at.remover.remove(await sharp(dogPhoto).resize(360).jpeg().toBuffer(), { signal });
    const alpha = await sharp(image).extractChannel("alpha").raw().toBuffer();
    const kept = alpha.filter((value) => value >= 128).length / alpha.length;
    expect(kept).toBeGreaterThan(0.02);
    expect(kept).toBeLessThan(0.98);
  });

  it("says who made the cutout and how sure it is", async () => {
    const cutout = await at.remover.remove(await smallPhoto(5), { signal });
    expect(at.makers).toContain(cutout.by);
    expect(typeof cutout.backgroundKept).toBe("boolean");
    if (cutout.confidence !== null) {
      expect(cutout.confidence).toBeGreaterThanOrEqual(0);
      expect(cutout.confidence).toBeLessThanOrEqual(1);
    }
  });

  it("gives everybody the cutout of their own photo when many ask at once", async () => {
    const sizes = [1, 2, 3, 4].map((n) => ({ width: 260 + n * 7, height: 300 + n * 11 }));
    const cut = await Promise.all(
      sizes.map(async (size, n) => at.remover.remove(await smallPhoto(n, size), { signal })),
    );
    expect(await Promise.all(cut.map(({ image }) => sizeOf(image)))).toEqual(sizes);
  });

  it("gives the same cutout for the same photo", async () => {
    const photo = await sharp(catPhoto).resize(300).jpeg().toBuffer();
    const first = await at.remover.remove(photo, { signal });
    expect((await at.remover.remove(photo, { signal })).image.equals(first.image)).toBe(true);
  });

  it.each([
    ["words", Buffer.from("not a photo at all")],
    ["nothing", Buffer.alloc(0)],
    ["half a JPEG", null],
  ])("says of %s that the photo is damaged", async (_what, given) => {
    const photo = given ?? (await smallPhoto(1)).subarray(0, 900);
    const refused = at.remover.remove(photo, { signal });
    await expect(refused).rejects.toMatchObject({ code: "photo_broken", kind: "invalid" });
  });

  it("does nothing for who has left already", async () => {
    const refused = at.remover.remove(await smallPhoto(1), { signal: AbortSignal.abort() });
    await expect(refused).rejects.toBeInstanceOf(AppError);
    await expect(refused).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("stops soon for who leaves in the middle", async () => {
    const leave = new AbortController();
    const work = at.remover.remove(catPhoto, { signal: leave.signal });
    setTimeout(() => leave.abort(), 5);
    await expect(work).rejects.toMatchObject({ kind: "unavailable" });
  });
});
