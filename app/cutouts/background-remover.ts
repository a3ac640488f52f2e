/**
 * Takes the background off a pet photo. Where the remover is not sure of what the pet is, it keeps the background and
 * says so: a pet without an ear is worse than a pet in its garden.
 */
export interface BackgroundRemover {
  /** Part of the portrait's key: another remover, or another version of one, makes another picture. */
  readonly variant: string;
  /**
   * @param photo - an upright JPEG, PNG or WebP of at most a few megapixels
   * @throws AppError `unavailable` when the remover cannot be reached in time or is told to stop, `photo_broken` when
   *   the photo cannot be decoded
   */
  remove(photo: Buffer, options: { signal: AbortSignal }): Promise<Cutout>;
}

export type Cutout = {
  /** PNG with alpha; where the background was kept, alpha is a soft vignette around the middle of the photo. */
  image: Buffer;
  backgroundKept: boolean;
  /** 0 (a guess) to 1 (certain); null where the remover does not say. */
  confidence: number | null;
  /** The variant of the remover that really did it: another one's, where one stood in for another. */
  by: string;
};
