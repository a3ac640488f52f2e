/**
 * Gives back at once what a piece of a stream holds, for who has read it and was its only owner. Left to the collector,
 * pieces of 64 kB lie about for long: the heap sees only their small handles (docs/decisions/023-admission.md).
 *
 * A piece that is part of a larger buffer is left alone, as others may be in it (Node's pool of small buffers).
 * @param piece - empty afterwards, with everything else that looks into its buffer (ECMA-262, ArrayBuffer.prototype.transfer)
 */
export function releaseBytes({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
