import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPixelRoom, type PixelRoom } from "#app/photos/pixel-room.ts";
import { createPhotoReader } from "./photo-reader.ts";
import { withinRoom } from "./pixel-memory.ts";
import type { PixelWorkers } from "./pixel-workers.ts";

const cat = new URL("../../../test/photos/cat.webp", import.meta.url).pathname;
const small = { longestSide: 100 };

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "photo-memory-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Whether all of the room is free: who comes now does not wait. */
async function isFree(room: PixelRoom): Promise<boolean> {
  const gone = new AbortController();
  const entering = room.enter(room.bytes, { signal: gone.signal }).then(
    (stay) => (stay.leave(), true),
    () => false,
  );
  setImmediate(() => gone.abort());
  return entering;
}

describe("the memory of a photo", () => {
  it("is held until what was made of it is released, and given back", async () => {
    const room = createPixelRoom({ bytes: 90_000_000 });
    const photo = await createPhotoReader(room).normalise(cat, small);
    if (photo === "broken") throw new Error("the photo does not decode");
    expect(await isFree(room)).toBe(false);
    photo.release();
    expect(await isFree(room)).toBe(true);
  });

  it("is given back by a photo that does not decode, and by a crop", async () => {
    const room = createPixelRoom({ bytes: 90_000_000 });
    const reader = createPhotoReader(room);
    const path = join(folder, "half.jpg");
    const whole = await sharp(cat).jpeg().toBuffer();
    await writeFile(path, whole.subarray(0, whole.length / 2));
    expect(await reader.normalise(path, small)).toBe("broken");
    expect(await isFree(room)).toBe(true);
    await reader.crop(whole, { x: 0, y: 0, width: 0.5, height: 0.5, turn: 90 }, small);
    await reader.crop(whole.subarray(0, whole.length / 2), null, small).catch(() => undefined);
    expect(await isFree(room)).toBe(true);
  });

  it("is waited for, also by a photo that would fit beside what is at work otherwise", async () => {
    const room = createPixelRoom({ bytes: 90_000_000 });
    const stay = await room.enter(90_000_000);
    const normalising = createPhotoReader(room).normalise(cat, small);
    expect(await Promise.race([normalising, new Promise((resolve) => setTimeout(resolve, 100, "waits"))])).toBe(
      "waits",
    );
    stay.leave();
    expect(await normalising).toMatchObject({ width: 100 });
  });

  it("that is more than there is at any time is told from the header", async () => {
    const path = join(folder, "photo.avif");
    await writeFile(path, await sharp(cat).avif({ effort: 0 }).toBuffer());
    expect(await createPhotoReader(createPixelRoom({ bytes: 60_000_000 })).probe(path)).toEqual({
      kind: "too-demanding",
    });
    expect(await createPhotoReader(createPixelRoom({ bytes: 90_000_000 })).probe(path)).toMatchObject({
      format: "avif",
    });
  });
});

describe("the memory of the worker threads", () => {
  it("is the same as that of photos, given back also by work that fails", async () => {
    const room = createPixelRoom({ bytes: 300_000_000 });
    const atWork: string[] = [];
    const answers = (name: string) => async () => {
      atWork.push(name);
      expect(await isFree(room)).toBe(false);
      throw new Error("failed");
    };
    const fake = { cutOut: answers("cutOut"), paint: answers("paint") } as unknown as PixelWorkers;
    const workers = withinRoom(fake, room);
    const given = {} as never;
    await expect(workers.cutOut(given, {})).rejects.toThrow("failed");
    await expect(workers.paint(given, {})).rejects.toThrow("failed");
    expect([atWork, await isFree(room)]).toEqual([["cutOut", "paint"], true]);
    await expect(workers.paint(given, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
  });
});
