import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { createClassicBackgroundRemover } from "./classic-background-remover.ts";
import { createPixelWorkers } from "./pixel-workers.ts";
import { seededRandom } from "./seeded-random.ts";

const workers = createPixelWorkers({ threads: 1 });
const remover = createClassicBackgroundRemover(workers);
afterAll(() => workers.close());

const { signal } = new AbortController();
const photo = (name: string) => readFile(new URL(`../../../test/photos/${name}.webp`, import.meta.url));

/** Alpha at points given in shares of the width and the height. */
async function alphaAt(image: Buffer, points: [number, number][]): Promise<number[]> {
  const { data, info } = await sharp(image).extractChannel(3).raw().toBuffer({ resolveWithObject: true });
  return points.map(([x, y]) => data[Math.floor(y * info.height) * info.width + Math.floor(x * info.width)]! / 255);
}

/** Toys on a shelf: patches of every colour, up to the frame. */
async function clutteredRoom(): Promise<Buffer> {
  const random = seededRandom(3);
  const patches = Array.from({ length: 130 }, () => {
    const [width, height] = [20 + random.below(140), 20 + random.below(140)];
    const background = { r: random.below(256), g: random.below(256), b: random.below(256) };
    return {
      input: { create: { width, height, channels: 3 as const, background } },
      left: random.below(900 - width),
      top: random.below(700 - height),
    };
  });
  const room = sharp({ create: { width: 900, height: 700, channels: 3, background: "#888" } });
  const whole = await room.composite(patches).png().toBuffer();
  return sharp(whole).extract({ left: 130, top: 110, width: 640, height: 480 }).jpeg().toBuffer();
}

describe("the classic background remover", () => {
  it("cuts the kitten from its red blanket, whole", async () => {
    const { image, backgroundKept, confidence } = await remover.remove(await photo("cat"), { signal });
    expect([backgroundKept, confidence! > 0.8]).toEqual([false, true]);
    const [face, ear, paw, back, tail] = [
      [0.36, 0.33],
      [0.31, 0.18],
      [0.45, 0.56],
      [0.75, 0.28],
      [0.85, 0.63],
    ];
    expect(await alphaAt(image, [face, ear, paw, back, tail] as [number, number][])).toEqual([1, 1, 1, 1, 1]);
    expect(
      await alphaAt(image, [
        [0.1, 0.1],
        [0.9, 0.1],
        [0.5, 0.9],
        [0.05, 0.6],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  it("cuts the shepherd from the meadow, with no grass between its legs", async () => {
    const { image, backgroundKept } = await remover.remove(await photo("dog"), { signal });
    expect(backgroundKept).toBe(false);
    expect(
      await alphaAt(image, [
        [0.8, 0.26],
        [0.5, 0.4],
        [0.7, 0.75],
        [0.28, 0.75],
      ]),
    ).toEqual([1, 1, 1, 1]);
    expect(
      await alphaAt(image, [
        [0.5, 0.75],
        [0.45, 0.85],
        [0.1, 0.3],
        [0.95, 0.6],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  it("leaves no red rim around white fur", async () => {
    const { image } = await remover.remove(await photo("cat"), { signal });
    const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
    let [rim, red] = [0, 0];
    for (let i = 0; i < info.width * info.height; i++) {
      const [r, g, b, a] = data.subarray(i * 4, i * 4 + 4);
      if (a! < 90 || a! > 200) continue;
      rim++;
      if (r! - Math.max(g!, b!) > 70) red++;
    }
    expect(rim).toBeGreaterThan(500);
    expect(red / rim).toBeLessThan(0.12);
  });

  it("keeps the background of a cluttered room, in a soft oval, and says so", async () => {
    const { image, backgroundKept, confidence } = await remover.remove(await clutteredRoom(), { signal });
    expect(backgroundKept).toBe(true);
    expect(confidence!).toBeLessThan(0.45);
    expect(
      await alphaAt(image, [
        [0.5, 0.5],
        [0, 0],
        [0.999, 0.5],
        [0.5, 0],
      ]),
    ).toEqual([1, 0, 0, 0]);
  });

  it("keeps everything of a plain wall, in which there is no pet", async () => {
    const wall = await sharp({ create: { width: 600, height: 400, channels: 3, background: "tan" } })
      .jpeg()
      .toBuffer();
    expect((await remover.remove(wall, { signal })).backgroundKept).toBe(true);
  });

  it("gives the same cutout for the same photo", async () => {
    const small = await sharp(await photo("cat"))
      .resize(400)
      .jpeg()
      .toBuffer();
    const [first, again] = [await remover.remove(small, { signal }), await remover.remove(small, { signal })];
    expect(first.image.equals(again.image)).toBe(true);
  });
});
