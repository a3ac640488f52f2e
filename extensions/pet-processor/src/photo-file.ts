import type { SessionJson } from "../../../app/http/storefront-api.ts";

/** What the shopper picked, ready to travel: upright, shrunk where that saves something, with the hash of the original. */
export type ReadPhoto = { bytes: Blob; sourceSha256: string | null };
export type PhotoLimits = Pick<SessionJson["limits"], "max_bytes" | "min_side">;
export type PhotoRefusal = {
  refused: "photo_type" | "photo_heic" | "photo_broken" | "photo_too_small" | "photo_shape" | "photo_too_large";
};

const longestSide = 2048;
const jpegQuality = 0.9;
/** Under this a photo that needs no shrinking travels as it is: encoding it again would only cost sharpness. */
const smallEnoughBytes = 3_000_000;
const longestShape = 8;

type FileKind = "jpeg" | "png" | "webp" | "avif" | "heic" | "other";

/**
 * Reads a picked file and shrinks it before it travels. What a browser cannot decode goes as it is, if the server reads
 * it; what nobody can read is refused here, before anything is sent. The rules are the server's, asked a step earlier.
 */
export async function readPhoto(file: Blob, limits: PhotoLimits): Promise<ReadPhoto | PhotoRefusal> {
  if (file.size === 0) return { refused: "photo_broken" };
  const kind = kindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  const bitmap = await decode(file);
  if (!bitmap) return undecoded(file, kind, limits);
  const { width, height } = bitmap;
  try {
    if (Math.min(width, height) < limits.min_side) return { refused: "photo_too_small" };
    if (Math.max(width, height) > longestShape * Math.min(width, height)) return { refused: "photo_shape" };
    const travels = isAccepted(kind) && Math.max(width, height) <= longestSide && file.size <= smallEnoughBytes;
    const bytes = travels ? file : ((await shrink(bitmap)) ?? file);
    if (bytes === file && !isAccepted(kind)) return { refused: kind === "heic" ? "photo_heic" : "photo_type" };
    if (bytes.size > limits.max_bytes) return { refused: "photo_too_large" };
    return { bytes, sourceSha256: await sha256(file) };
  } finally {
    bitmap.close();
  }
}

async function undecoded(file: Blob, kind: FileKind, limits: PhotoLimits): Promise<ReadPhoto | PhotoRefusal> {
  if (kind === "heic") return { refused: "photo_heic" };
  if (!isAccepted(kind)) return { refused: "photo_type" };
  if (file.size > limits.max_bytes) return { refused: "photo_too_large" };
  return { bytes: file, sourceSha256: await sha256(file) };
}

async function decode(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

/** Null where the browser has no canvas to give (a device out of memory); the original travels then. */
async function shrink(bitmap: ImageBitmap): Promise<Blob | null> {
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const brush = canvas.getContext("2d");
  if (!brush) return null;
  // JPEG has no transparency: without a ground it would turn black.
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", jpegQuality));
  canvas.width = 0;
  return blob;
}

/** Known by its first bytes: names and types of files lie. */
function kindOf(head: Uint8Array): FileKind {
  const text = String.fromCharCode(...head);
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (text.startsWith("\x89PNG\r\n")) return "png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.slice(4, 8) !== "ftyp") return "other";
  const brand = text.slice(8, 12);
  if (brand === "avif" || brand === "avis") return "avif";
  return /^(hei[cmsx]|hev[cmsx]|mif1|msf1)$/.test(brand) ? "heic" : "other";
}

function isAccepted(kind: FileKind): boolean {
  return kind !== "heic" && kind !== "other";
}

/** Null where the page is not allowed to hash (no secure context): the photo is then sent a second time, that is all. */
async function sha256(file: Blob): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
