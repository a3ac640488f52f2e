import { open } from "node:fs/promises";

/** Long enough for the box of brands that every file of this family begins with. */
const beginning = 64;

/** Brands of pictures that are coded with HEVC; after ISO/IEC 23008-12. */
const hevcBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx"];

/**
 * Whether a file says of itself that it is a phone's HEIC. Told from its first bytes and before any decoder looks at it:
 * ours would open it, name a size, and only fail at the pixels with a message about something else.
 */
export async function isPhonesHeic(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginning), 0, beginning, 0);
    return namesHevc(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function namesHevc(bytes: Buffer): boolean {
  if (bytes.length < 12 || bytes.toString("latin1", 4, 8) !== "ftyp") return false;
  const end = Math.min(bytes.length, bytes.readUInt32BE(0));
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) brands.push(bytes.toString("latin1", at, at + 4));
  return !brands.includes("avif") && brands.some((brand) => hevcBrands.includes(brand));
}
