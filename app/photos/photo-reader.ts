/**
 * What the photo intake needs from whoever can read pictures. Reading a stranger's file is the most dangerous thing that
 * the house does: every call is bounded in pixels, time and memory, and none of them trusts a name or a content type.
 */
export interface PhotoReader {
  /** Reads the header only: cheap, and no proof that the rest of the file decodes. */
  probe(path: string): Promise<PhotoProbe>;
  /**
   * Decodes the whole file and writes it anew: upright, first frame, 8-bit sRGB, on white where it was transparent, no
   * side longer than `longestSide` pixels, JPEG, and nothing of the source's metadata (place, camera, thumbnails).
   *
   * It waits until there is memory for it, and what comes out of it is held until it is released.
   *
   * @returns `"broken"` for a file that does not decode to the end, or not in time
   */
  normalise(path: string, options: { longestSide: number; signal?: AbortSignal }): Promise<NormalisedPhoto | "broken">;
  /**
   * The part of a photo that a shopper chose, as a JPEG with no metadata and no side longer than `longestSide` pixels.
   *
   * @param crop - null for the whole photo
   * @throws AppError `invalid` for a photo that does not decode
   */
  crop(photo: Buffer, crop: PhotoCrop | null, options: { longestSide: number }): Promise<Buffer>;
}

export type PhotoFormat = "jpeg" | "png" | "webp" | "avif";

export type PhotoProbe =
  | {
      kind: "photo";
      format: PhotoFormat;
      /** Of the upright photo, in pixels. */
      width: number;
      height: number;
      /** Frames; more than one is an animation, of which the first is taken. */
      pages: number;
    }
  | { kind: "hevc" } /** a phone's HEIC, which needs a decoder that we do not ship */
  | { kind: "too-many-pixels" }
  | { kind: "too-demanding" } /** more memory than there is would be needed, however long one waits */
  | { kind: "unknown" }; /** nothing that we read, whatever its name says */

export type NormalisedPhoto = {
  bytes: Buffer;
  width: number;
  height: number;
  /** The bytes are stored, or not wanted. Safe to call twice. */
  release(): void;
};

export type PhotoCrop = {
  /** Fractions, 0 to 1, of the upright photo after `turn`. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Degrees clockwise. */
  turn: 0 | 90 | 180 | 270;
};
