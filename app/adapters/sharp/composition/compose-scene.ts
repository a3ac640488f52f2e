import { smoothstep } from "../curves.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import { decodePicture, pictureOf, resizePart, type Picture, type RawPicture } from "../picture-codec.ts";
import { newColours, newPlane, type Plane, type Size } from "../raster.ts";
import { seedFor } from "../seeded-random.ts";
import { arrangePets, type PetShape, type Place } from "./arrange-pets.ts";
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
  const found = await findPets(pets);
  if (found.length === 0) return undefined;
  const unit = Math.min(size.width, size.height) / 1024;
  const scene: Scene = {
    size,
    unit,
    colours: newColours(size, 1),
    alpha: newPlane(size),
    outline: newPlane(size),
    keptShare: found.filter(({ kept }) => kept).length / found.length,
  };
  const places = arrangePets(found.map(shapeOf), size).map(wholePlace);
  for (const [index, { raw, part, kept }] of found.entries()) {
    const place = places[index]!;
    const pet = pictureOf(await resizePart(raw, part.box, place));
    const edge = { unit, seed: seedFor(seed, `edge ${index}`), cutOff: part.cutOff };
    layOver(scene, pet, place, kept ? roughenVignette(pet, edge) : fadeWherePhotoEnded(pet, edge));
  }
  return scene;
}

type FoundPet = { raw: RawPicture; part: VisiblePart; kept: boolean };

async function findPets(pets: ScenePet[]): Promise<FoundPet[]> {
  const found: FoundPet[] = [];
  for (const { image, backgroundKept } of pets) {
    const raw = await decodePicture(image, longestSide);
    const part = visiblePart(raw);
    if (part !== undefined) found.push({ raw, part, kept: backgroundKept });
  }
  return found;
}

function shapeOf({ part, kept }: FoundPet): PetShape {
  const { width, height } = part.box;
  return { width, height, solidity: part.solidity, cutBelow: !kept && part.cutOff.bottom };
}

function wholePlace({ x, y, width, height }: Place): Place {
  return {
    x: Math.round(x),
    y: Math.round(y),
    width: Math.max(1, Math.round(width)),
    height: Math.max(1, Math.round(height)),
  };
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

/** How a pet lies on the canvas: how much of it shows at each pixel, and its contour. */
type Layer = { cover: Plane; outline: Plane };

/** A straight cut becomes a ragged, fading brush edge. The contour ends before the colour does. */
function fadeWherePhotoEnded({ alpha, size }: Picture, { unit, seed, cutOff }: Edge): Layer {
  const reach = fadeShare * Math.min(size.width, size.height);
  const noise = fractalNoise(size, { cell: 70 * unit, octaves: 4, seed });
  const cover = alpha.slice();
  const outline = outlineOf(alpha, size, unit);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const i = y * size.width + x;
      let near = Infinity;
      if (cutOff.bottom) near = Math.min(near, size.height - 1 - y);
      if (cutOff.top) near = Math.min(near, y);
      if (cutOff.left) near = Math.min(near, x);
      if (cutOff.right) near = Math.min(near, size.width - 1 - x);
      if (near > reach * 2) continue;
      const inwards = near / reach - 0.16 * noise[i]!;
      cover[i] = cover[i]! * smoothstep(0.1, 0.62, inwards);
      outline[i] = outline[i]! * smoothstep(0.4, 1.4, inwards);
    }
  }
  return { cover, outline };
}

/** The oval of a photo with its background gets the border of a wash laid by hand, and no contour. */
function roughenVignette({ alpha, size }: Picture, { unit, seed }: Edge): Layer {
  const noise = fractalNoise(size, { cell: 130 * unit, octaves: 5, seed });
  const cover = alpha.map((value, i) => smoothstep(0.26, 0.56, value + 0.13 * noise[i]! * (1 - value)));
  return { cover, outline: newPlane(size) };
}

function layOver(scene: Scene, { colours: own }: Picture, place: Place, { cover, outline }: Layer): void {
  const { colours, alpha, size } = scene;
  for (let y = Math.max(0, -place.y); y < place.height && place.y + y < size.height; y++) {
    for (let x = Math.max(0, -place.x); x < place.width && place.x + x < size.width; x++) {
      const from = y * place.width + x;
      const to = (place.y + y) * size.width + place.x + x;
      const a = cover[from]!;
      scene.outline[to] = Math.max(scene.outline[to]! * (1 - a), outline[from]!);
      if (a <= 0) continue;
      const rest = alpha[to]! * (1 - a);
      const total = a + rest;
      colours.red[to] = (own.red[from]! * a + colours.red[to]! * rest) / total;
      colours.green[to] = (own.green[from]! * a + colours.green[to]! * rest) / total;
      colours.blue[to] = (own.blue[from]! * a + colours.blue[to]! * rest) / total;
      alpha[to] = total;
    }
  }
}
