/**
 * Takes an upload off the wire into a file of our own, counting and hashing on the way: a photo is never held in memory
 * whole, and one that is too large is cut off where it passes the limit, whatever it said of its length.
 */
export interface UploadSpool {
  /**
   * @param body - its pieces are the spool's: their memory is given back as they are written
   * @throws AppError `photo_too_large` past `maxBytes`, `upload_cut_off` when the sender goes away
   */
  receive(body: ReadableStream<Uint8Array>, options: { maxBytes: number }): Promise<SpooledUpload>;
}

export type SpooledUpload = {
  path: string;
  bytes: number;
  /** Of all bytes, hex. */
  sha256: string;
  /** The first bytes, for telling what it is. */
  head: Buffer;
  /** Removes the file. Safe to call twice. */
  discard(): Promise<void>;
};
