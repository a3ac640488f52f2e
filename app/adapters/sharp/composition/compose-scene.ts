import { clamp01, smoothstep } from "../curves.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import { decodePicture, pictureOf, resizePart, type Picture, type RawPicture } from "../picture-codec.ts";
import { newColours, newPlane, type Plane, type Size } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";
import { arrangePets, type Place } from "./arrange-pets.ts";
import type { Scene } from "./scene.ts";
import { visiblePart, type VisiblePart } from "./visible-part.ts";

export type ScenePet = { image: Uint8Array; backgroundKept: boolean };

/** Cutouts are at most this large; larger ones are shrunk before anything else. */
const longestSide = 1536;
/** How far, in shares of the pet's size, it fades out where its photo ended. */
const fadeShare = 0.16;

/**
 * Lays one to three cutouts out on the canvas, each over the ones before it.
 *
 * @returns undefined when there is nothing to see in any of them
 * @throws UnreadablePicture
 */
export async function composeScene(pets: ScenePet[], size: Size, seed: number): Promise<Scene | undefined> {
  const found: { raw: RawPicture; part: VisiblePart; kept: boolean }[] = [];
  for (const { image, backgroundKept } of pets) {
    const raw = await decodePicture(image, longestSide);
    const part = visiblePart(raw);
    if (part !== undefined) found.push({ raw, part, kept: backgroundKept });
  }
  if (found.length === 0) return undefined;
  const unit = Math.min(size.width, size.height) / 1024;
  const shapes = found.map(({ part, kept }) => ({
    width: part.box.width,
    height: part.box.height,
    solidity: part.solidity,
    cutBelow: !kept && part.cutOff.bottom,
  }));
  const places = arrangePets(shapes, size).map(wholePlace);
  const scene: Scene = {
    size,
    unit,
    colours: newColours(size, 1),
    alpha: newPlane(size),
    outline: newPlane(size),
    keptShare: found.filter(({ kept }) => kept).length / found.length,
  };
  for (const [index, { raw, part, kept }] of found.entries()) {
    const place = places[index]!;
    const pet = pictureOf(await resizePart(raw, part.box, place));
    const edge = { unit, seed: seedFor(seed, `edge ${index}`), cutOff: part.cutOff };
    const outline = kept ? newPlane(pet.size) : outlineOf(pet.alpha, pet.size, unit);
    const cover = kept ? roughenVignette(pet, edge) : fadeWherePhotoEnded(pet, edge);
    layOver(scene, pet, { place, cover, outline });
  }
  return scene;
}

function wholePlace({ x, y, width, height }: Place): Place {
  return { x: Math.round(x), y: Math.round(y), width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

/** A band along the silhouette. Only where it is crisp: a soft fade has no contour. */
function outlineOf(alpha: Plane, size: Size, unit: number): Plane {
  const calm = gaussianBlur(alpha, size, 2 * unit).map((a) => (a > 0.5 ? 1 : 0));
  return gaussianBlur(calm, size, 1.7 * unit).map((a) => {
    const band = 4 * a * (1 - a);
    return band * band;
  });
}

type Edge = { unit: number; seed: number; cutOff: VisiblePart["cutOff"] };

/** A straight cut becomes a ragged, fading brush edge. Changes the pet's alpha to what is left, and gives it back. */
function fadeWherePhotoEnded({ alpha, size }: Picture, { unit, seed, cutOff }: Edge): Plane {
  const reach = fadeShare * Math.min(size.width, size.height);
  const noise = fractalNoise(size, { cell: 70 * unit, octaves: 4, seed });
  const cover = alpha.slice();
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const i = y * size.width + x;
      let near = Infinity;
      if (cutOff.bottom) near = Math.min(near, size.height - 1 - y);
      if (cutOff.top) near = Math.min(near, y);
      if (cutOff.left) near = Math.min(near, x);
      if (cutOff.right) near = Math.min(near, size.width - 1 - x);
      if (near > reach * 2) continue;
      cover[i] = cover[i]! * smoothstep(0.1, 0.62, near / reach - 0.16 * noise[i]!) ;
    }
  }
  return cover;
}

/** The oval of a photo with its background gets the border of a wash laid by hand. */
function roughenVignette({ alpha, size }: Picture, { unit, seed }: Edge): Plane {
  const noise = fractalNoise(size, { cell: 130 * unit, octaves: 5, seed });
  return alpha.map((value, i) => smoothstep(0.26, 0.56, value + 0.13 * noise[i]! * (1 - value)));
}

type Layer = { place: Place; cover: Plane; outline: Plane };

function layOver(scene: Scene, pet: Picture, { place, cover, outline }: Layer): void {
  const { colours, alpha, size } = scene;
  for (let y = Math.max(0, -place.y); y < place.height && place.y + y < size.height; y++) {
    for (let x = Math.max(0, -place.x); x < place.width && place.x + x < size.width; x++) {
      const from = y * place.width + x;
      const to = (place.y + y) * size.width + place.x + x;
      const a = cover[from]!;
      const fade = pet.alpha[from]! > 0.02 ? clamp01(a / pet.alpha[from]!) : 0;
      scene.outline[to] = Math.max(scene.outline[to]! * (1 - a), outline[from]! * fade * fade);
      if (a <= 0) continue;
      const rest = alpha[to]! * (1 - a);
      const total = a + rest;
      colours.red[to] = (pet.colours.red[from]! * a + colours.red[to]! * rest) / total;
      colours.green[to] = (pet.colours.green[from]! * a + colours.green[to]! * rest) / total;
      colours.blue[to] = (pet.colours.blue[from]! * a + colours.blue[to]! * rest) / total;
      alpha[to] = total;
    }
  }
}
