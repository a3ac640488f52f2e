/**
 * Looks at what a painter gave before it is kept: a hostile or broken provider is input too. The whole picture is decoded,
 * because a header says nothing about the bytes behind it.
 */
export interface PictureCheck {
  /**
   * @param wanted - the size that was asked for, pixels; the picture must have about its shape and not be tiny
   * @returns what the picture really is
   * @throws PictureBroken when it does not decode, is of another kind, or has another shape
   */
  check(image: Buffer, wanted: { width: number; height: number }): Promise<CheckedPicture>;
}

export type CheckedPicture = {
  contentType: "image/jpeg" | "image/png" | "image/webp";
  width: number;
  height: number;
};

/** Why a picture cannot be used, for the log and the ledger. */
export class PictureBroken extends Error {
  override readonly name = "PictureBroken";
}
