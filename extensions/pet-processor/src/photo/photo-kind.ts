/** What a file is, by its first bytes: names and types of files lie. The rules are the server's. */
export type FileKind = "jpeg" | "png" | "webp" | "avif" | "heic" | "other";

/** How many bytes of a file are enough to tell. */
export const sniffBytes = 32;

const heicBrand = /^(hei[cmsx]|hev[cmsx]|mif1|msf1)$/;

export function kindOf(head: Uint8Array): FileKind {
  const text = String.fromCharCode(...head.subarray(0, sniffBytes));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.slice(4, 8) !== "ftyp") return "other";
  // The file's own brand, then those that it is compatible with: an AVIF may carry the general `mif1` first.
  const brands = [text.slice(8, 12), ...(text.slice(16).match(/[^]{4}/g) ?? [])];
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return "avif";
  return brands.some((brand) => heicBrand.test(brand)) ? "heic" : "other";
}

/** What the server reads as it is. */
export function isAccepted(kind: FileKind): boolean {
  return kind !== "heic" && kind !== "other";
}
