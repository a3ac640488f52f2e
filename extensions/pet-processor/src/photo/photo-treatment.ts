import type { SessionJson } from "../../../../app/http/storefront-api.ts";
import { drawWhole, isHonest, type Decoded, type SurfaceMaker } from "./photo-canvas.ts";
import { isAccepted, type FileKind } from "./photo-kind.ts";
import { flawsOf, isSmall, measuredSide, type PhotoFlaw } from "./photo-measures.ts";

export type PhotoLimits = Pick<SessionJson["limits"], "max_bytes" | "min_side">;
export type PhotoRefusal = {
  refused: "photo_type" | "photo_heic" | "photo_broken" | "photo_too_small" | "photo_shape" | "photo_too_large";
};

/** A photo that was decoded, as the server will see it. */
export type TreatedPhoto = {
  /** Null where the file travels as it was picked. */
  jpeg: Blob | null;
  sourceSha256: string | null;
  width: number;
  height: number;
  flaws: PhotoFlaw[];
};

export type Treatment = {
  kind: FileKind;
  limits: PhotoLimits;
  surface: SurfaceMaker;
  /** Between two steps: where they share a thread with the page, the page goes first. */
  pause(): Promise<void>;
};

const longestSide = 2048;
const jpegQuality = 0.9;
/** Under this a photo that needs no shrinking travels as it is: encoding it again would only cost sharpness. */
const smallEnoughBytes = 3_000_000;
const longestShape = 8;

/** The rules are the server's, asked a step earlier; then the photo is shrunk, measured and hashed. Closes the photo. */
export async function treatPhoto(
  file: Blob,
  photo: Decoded,
  { kind, limits, surface, pause }: Treatment,
): Promise<TreatedPhoto | PhotoRefusal> {
  try {
    const [shorter, longer] = [Math.min(photo.width, photo.height), Math.max(photo.width, photo.height)];
    if (shorter < limits.min_side) return { refused: "photo_too_small" };
    if (longer > longestShape * shorter) return { refused: "photo_shape" };
    await pause();
    const maker = isHonest(surface) ? surface : () => null;
    const travels = isAccepted(kind) && longer <= longestSide && file.size <= smallEnoughBytes;
    const jpeg = travels ? null : await shrink(photo, maker);
    if (!jpeg && !isAccepted(kind)) return { refused: kind === "heic" ? "photo_heic" : "photo_type" };
    if ((jpeg ?? file).size > limits.max_bytes) return { refused: "photo_too_large" };
    await pause();
    const flaws = measure(photo, maker);
    await pause();
    return { jpeg, sourceSha256: await sha256(file), ...sizeWithin(photo, jpeg ? longestSide : longer), flaws };
  } finally {
    photo.close();
  }
}

/** Null where the browser has no canvas to give; the original travels then. */
async function shrink(photo: Decoded, maker: SurfaceMaker): Promise<Blob | null> {
  const { width, height } = sizeWithin(photo, longestSide);
  const surface = maker(width, height);
  if (!surface) return null;
  drawWhole(surface, photo.source, width, height);
  const jpeg = await surface.jpeg(jpegQuality);
  surface.free();
  return jpeg;
}

function measure(photo: Decoded, maker: SurfaceMaker): PhotoFlaw[] {
  const { width, height } = sizeWithin(photo, measuredSide);
  const shortest = Math.min(photo.width, photo.height);
  const surface = maker(width, height);
  if (!surface) return isSmall(shortest) ? ["small"] : [];
  drawWhole(surface, photo.source, width, height);
  const copy = surface.brush.getImageData(0, 0, width, height);
  surface.free();
  return flawsOf(copy, shortest);
}

/** Never larger than it is, no side shorter than a pixel. */
export function sizeWithin(photo: { width: number; height: number }, side: number): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(photo.width, photo.height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: scaled(photo.width), height: scaled(photo.height) };
}

/** Null where the page is not allowed to hash (no secure context): the photo is then sent a second time, that is all. */
export async function sha256(file: Blob): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
