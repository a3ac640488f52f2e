/**
 * What a file is, by its first bytes. A name and a Content-Type are only what somebody claims; and a decoder should never
 * see a format that is not on the list.
 */
export type FileType = "jpeg" | "png" | "webp" | "avif" | "heic" | "other";

/** How many bytes of a file are enough to tell. */
export const sniffBytes = 32;

/** Brands of ISO base media files (ISO/IEC 23008-12, Annex B) as Apple and Android write them. */
const heicBrands = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"]);
const avifBrands = new Set(["avif", "avis"]);

export function fileType(head: Buffer): FileType {
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0xffd8ff) return "jpeg";
  if (head.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return "png";
  if (text(head, 0, 4) === "RIFF" && text(head, 8, 12) === "WEBP") return "webp";
  if (text(head, 4, 8) === "ftyp") return isoBrand(head);
  return "other";
}

/** AVIF files often carry the general brand `mif1` first and their own among the compatible ones. */
function isoBrand(head: Buffer): FileType {
  const brands = [text(head, 8, 12)];
  for (let at = 16; at + 4 <= Math.min(head.length, sniffBytes); at += 4) brands.push(text(head, at, at + 4));
  if (brands.some((brand) => avifBrands.has(brand))) return "avif";
  return brands.some((brand) => heicBrands.has(brand)) ? "heic" : "other";
}

const text = (head: Buffer, from: number, to: number): string => head.toString("latin1", from, to);
