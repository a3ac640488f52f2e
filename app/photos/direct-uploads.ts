/**
 * Uploads that go from a browser straight into storage, because the way through the shop's proxy is too narrow for them.
 * What lies there is what somebody sent, whatever it is: it is taken from there into the intake, and is never shown.
 */
export interface DirectUploads {
  /**
   * Signs what a browser needs to put one file of exactly that length and type at that one place, for some minutes.
   * @throws AppError `busy` when nothing can be signed now
   */
  offer(place: UploadPlace, file: { bytes: number; contentType: string }): Promise<OfferedUpload>;
  /**
   * @returns undefined when nothing has come, or it has lain there for too long
   * @throws AppError `busy` when storage does not answer, from the stream too
   */
  take(place: UploadPlace): Promise<ArrivedUpload | undefined>;
  discard(place: UploadPlace): Promise<void>;
  /**
   * Deletes what a shopper, or everybody of a shop, has sent and nobody has taken.
   * @returns how many files
   */
  forget(shop: string, owners: readonly string[] | "everybody"): Promise<number>;
  /**
   * Deletes what has lain there for too long.
   * @returns how many files
   */
  sweep(): Promise<number>;
}

/** Where a file is put says whose it is: nobody else's name leads there. */
export type UploadPlace = { shop: string; owner: string; photoId: string };

export type OfferedUpload = {
  /** Takes a POST of `multipart/form-data`: the fields, and last of all the bytes as `file`. */
  url: string;
  fields: Record<string, string>;
  expiresAtMs: number;
};

export type ArrivedUpload = { body: ReadableStream<Uint8Array>; bytes: number };
