import { createHash } from "node:crypto";
import sharp from "sharp";
import type { Asked } from "./check-request.ts";
import { diceFrom } from "./faults.ts";
import { writeFakeModel, type Canvas } from "./label.ts";

/**
 * A picture of the size that the service gives: the pets that were sent, in a few flat colours with dark contours on
 * paper, so that who runs a preview sees their own pet. It is labelled as what it is. The same request is the same picture.
 */
export async function paintFakePortrait(asked: Asked): Promise<Buffer> {
  const [width, height] = pixelsOf(asked.ratio);
  const canvas = paper(width, height, seedOfRequest(asked));
  const count = Math.max(1, asked.photos.length);
  for (const [index, photo] of asked.photos.entries()) {
    const pet = await flatColours(photo, {
      width: (width * (count === 1 ? 0.9 : 1.06)) / count,
      height: height * 0.84,
    });
    const middle = (width * (index + 0.5)) / count;
    lay(canvas, pet, {
      left: Math.round(middle - pet.width / 2),
      top: Math.round((height - pet.height) * 0.6),
    });
  }
  writeFakeModel(canvas);
  const times = { "1K": 1, "2K": 2, "4K": 4 }[asked.size];
  return sharp(canvas.data, { raw: { width, height, channels: 3 } })
    .resize(width * times, height * times, { kernel: "cubic" })
    .png({ compressionLevel: 3 })
    .toBuffer();
}

const flat = new Map<string, Promise<Buffer>>();

/** One colour in the right size, painted once: for a hundred thousand calls where nobody looks. */
export function flatPicture(asked: Asked): Promise<Buffer> {
  const key = `${asked.ratio} ${asked.size}`;
  const times = { "1K": 1, "2K": 2, "4K": 4 }[asked.size];
  const [width, height] = pixelsOf(asked.ratio).map((side) => side * times) as [number, number];
  const create = { width, height, channels: 3 as const, background: "#d9c7a8" };
  if (!flat.has(key)) flat.set(key, sharp({ create }).png({ compressionLevel: 9 }).toBuffer());
  return flat.get(key)!;
}

/** Published sides at 1K; 2K and 4K are two and four times as long. */
const sides: Record<string, [number, number]> = {
  "1:1": [1024, 1024],
  "2:3": [848, 1264],
  "3:2": [1264, 848],
  "3:4": [896, 1200],
  "4:3": [1200, 896],
  "4:5": [928, 1152],
  "5:4": [1152, 928],
  "9:16": [768, 1376],
  "16:9": [1376, 768],
  "21:9": [1584, 672],
};

const pixelsOf = (ratio: string): [number, number] => sides[ratio] ?? [1024, 1024];

type Pet = { data: Buffer; width: number; height: number };

function paper(width: number, height: number, seed: number): Canvas {
  const data = Buffer.alloc(width * height * 3);
  const dice = diceFrom(seed);
  const tint = [247, 240, 226].map((value) => value - Math.round(dice() * 5));
  for (let at = 0; at < data.length; at += 3) {
    const grain = Math.round(dice() * 5 - 2.5);
    for (let channel = 0; channel < 3; channel++) data[at + channel] = tint[channel]! + grain;
  }
  return { data, width, height };
}

async function flatColours(photo: Buffer, box: { width: number; height: number }): Promise<Pet> {
  const inside = { width: Math.round(box.width), height: Math.round(box.height), fit: "inside" as const };
  const whole = sharp(photo).ensureAlpha().toColourspace("srgb");
  const trimmed = await whole
    .clone()
    .trim({ threshold: 8 })
    .resize(inside)
    .png({ compressionLevel: 0 })
    .toBuffer()
    .catch(() => whole.resize(inside).png({ compressionLevel: 0 }).toBuffer());
  const alpha = await sharp(trimmed).extractChannel("alpha").raw().toBuffer();
  const { data, info } = await sharp(trimmed)
    .flatten({ background: "#f7f0e2" })
    .median(7)
    .modulate({ saturation: 1.25 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return inkContours({ data, width: info.width, height: info.height }, alpha);
}

const steps = 5;
const step = (value: number): number => Math.round((Math.round((value / 255) * steps) / steps) * 255);

/** Few tones, and a dark line where a tone ends. */
function inkContours({ data, width, height }: Pet, alpha: Buffer): Pet {
  const tones = Buffer.alloc(width * height);
  const out = Buffer.alloc(width * height * 4);
  for (let at = 0; at < tones.length; at++) {
    const [r, g, b] = [data[at * 3]!, data[at * 3 + 1]!, data[at * 3 + 2]!];
    tones[at] = Math.round(((0.3 * r + 0.59 * g + 0.11 * b) / 255) * steps);
    out.set([step(r), step(g), step(b), alpha[at]!], at * 4);
  }
  for (let at = width; at < tones.length; at++)
    if (Math.abs(tones[at]! - tones[at - width]!) > 1 || Math.abs(tones[at]! - tones[at - 1]!) > 1)
      out.set([44, 38, 44], at * 4);
  return { data: out, width, height };
}

function lay(canvas: Canvas, pet: Pet, { left, top }: { left: number; top: number }): void {
  for (let y = Math.max(0, -top); y < pet.height && y + top < canvas.height; y++)
    for (let x = Math.max(0, -left); x < pet.width && x + left < canvas.width; x++) {
      const from = (y * pet.width + x) * 4;
      const to = ((y + top) * canvas.width + x + left) * 3;
      const share = pet.data[from + 3]! / 255;
      for (let channel = 0; channel < 3; channel++)
        canvas.data[to + channel] = Math.round(
          pet.data[from + channel]! * share + canvas.data[to + channel]! * (1 - share),
        );
    }
}

/** Decides what chance decides in an answer: how long it thought, which id it has. */
export function seedOfRequest(asked: Asked): number {
  const hash = createHash("sha256").update(`${asked.model} ${asked.size} ${asked.ratio} ${asked.seed} ${asked.prompt}`);
  for (const photo of asked.photos) hash.update(photo);
  return hash.digest().readUInt32BE(0);
}
