import { readFile } from "node:fs/promises";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import type { Painter } from "#app/painters/painter.ts";

/**
 * The pictures that the preview painter is held to, kept beside this file as small JPEGs. After a wanted change of the
 * painter: look at the new pictures, then `node test/golden/paint-goldens.ts`.
 */
export type GoldenCase = { name: string; style: "ink_wash" | "pen_and_marker"; photos: string[]; kept?: boolean };

export const goldenCases: readonly GoldenCase[] = [
  { name: "ink-wash-cat", style: "ink_wash", photos: ["cat"] },
  { name: "ink-wash-dog", style: "ink_wash", photos: ["dog"] },
  { name: "ink-wash-pair", style: "ink_wash", photos: ["cat", "dog"] },
  { name: "ink-wash-kept", style: "ink_wash", photos: ["cat"], kept: true },
  { name: "pen-and-marker-cat", style: "pen_and_marker", photos: ["cat"] },
  { name: "pen-and-marker-dog", style: "pen_and_marker", photos: ["dog"] },
  { name: "pen-and-marker-pair", style: "pen_and_marker", photos: ["cat", "dog"] },
  { name: "pen-and-marker-kept", style: "pen_and_marker", photos: ["dog"], kept: true },
];

export const goldenSize = { width: 512, height: 640 };

export const goldenFile = (name: string) => new URL(`./${name}.jpg`, import.meta.url).pathname;

const photoFile = (name: string) => new URL(`../photos/${name}.webp`, import.meta.url).pathname;

export async function paintGolden(
  { style, photos, kept }: GoldenCase,
  { remover, painter }: { remover: BackgroundRemover; painter: Painter },
): Promise<Buffer> {
  const { signal } = new AbortController();
  const pets: { image: Buffer; backgroundKept: boolean }[] = [];
  for (const name of photos) {
    const photo = await readFile(photoFile(name));
    pets.push(kept === true ? { image: await inOval(photo), backgroundKept: true } : await remover.remove(photo, { signal }));
  }
  const request = { pets, style: { id: style, revision: 1, prompt: "" }, size: goldenSize, take: 1, signal };
  return (await painter.paint(request)).image;
}

/** The two photos are too good for the remover to keep their background, so it is kept here. */
async function inOval(photo: Buffer): Promise<Buffer> {
  const { keepInOval } = await import("#app/adapters/sharp/cutout/cut-out-pet.ts");
  return Buffer.from((await keepInOval(photo)).image);
}
