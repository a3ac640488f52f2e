import { createHash } from "node:crypto";

/** The two sums that Cloud Storage keeps of every object, in base64. CRC32C is Castagnoli's polynomial, reflected. */
export function checksums(bytes: Buffer): { md5Hash: string; crc32c: string } {
  return { md5Hash: createHash("md5").update(bytes).digest("base64"), crc32c: crc32c(bytes) };
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(bytes: Buffer): string {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  const bigEndian = Buffer.alloc(4);
  bigEndian.writeUInt32BE((sum ^ 0xffffffff) >>> 0);
  return bigEndian.toString("base64");
}
