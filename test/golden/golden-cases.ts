import { readFile } from "node:fs/promises";
import { vignette } from "#app/adapters/sharp/cutout/vignette.ts";
import { decodePicture, encodePng, pictureOf, rawOf } from "#app/adapters/sharp/picture-codec.ts";
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

export const goldenSize = { width: 400, height: 500 };

export const goldenFile = (name: string) => new URL(`./${name}.jpg`, import.meta.url).pathname;

const photoFile = (name: string) => new URL(`../photos/${name}.webp`, import.meta.url).pathname;

type Pet = { image: Buffer; backgroundKept: boolean };

/** Prepares each photo once, however many pictures it is in. */
export function createGoldenStudio({ remover, painter }: { remover: BackgroundRemover; painter: Painter }) {
  const { signal } = new AbortController();
  const prepared = new Map<string, Promise<Pet>>();

  async function prepare(name: string, kept: boolean): Promise<Pet> {
    const photo = await readFile(photoFile(name));
    // The two photos are too good for the remover to keep their background, so that is done without asking it.
    return kept ? { image: await inOval(photo), backgroundKept: true } : remover.remove(photo, { signal });
  }

  function pet(name: string, kept: boolean): Promise<Pet> {
    const key = `${name} ${kept}`;
    const known = prepared.get(key) ?? prepare(name, kept);
    prepared.set(key, known);
    return known;
  }

  return Object.freeze({
    pet,
    paint: async ({ style, photos, kept = false }: GoldenCase): Promise<Buffer> => {
      const pets = await Promise.all(photos.map((name) => pet(name, kept)));
      const look = { style: { id: style, revision: 1, prompt: "" }, size: goldenSize, take: 1 };
      const request = { pets, ...look, wording: "usual" as const, signal };
      return (await painter.paint(request)).image;
    },
  });
}

async function inOval(photo: Buffer): Promise<Buffer> {
  const { colours, size } = pictureOf(await decodePicture(photo, 1536));
  return encodePng(rawOf(colours, size, vignette(size)));
}
