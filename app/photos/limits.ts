/**
 * What a photo may be. The table in the README is made from this file.
 */
export type PhotoLimits = {
  /** Of the file as it is sent. */
  maxBytes: number;
  /** Shortest side after rotation, pixels. */
  minSide: number;
  /** Longest side that is kept, pixels; a larger photo is shrunk. */
  maxSide: number;
  /** Longer side to shorter side. */
  maxRatio: number;
  /** Content types that the file picker is told; the content itself decides. */
  accept: readonly string[];
  /** Photos in one portrait. */
  maxPhotos: number;
};

/** Shopify's proxy carries about 20 MB; a browser that shrinks first sends far less. */
export const proxyPhotoLimits: PhotoLimits = Object.freeze({
  maxBytes: 20_000_000,
  minSide: 256,
  maxSide: 4096,
  maxRatio: 8,
  accept: ["image/jpeg", "image/png", "image/webp", "image/avif"],
  maxPhotos: 3,
});

/** Straight into storage there is room for what a camera makes; what is kept is as large as ever. */
export const directPhotoLimits: PhotoLimits = Object.freeze({ ...proxyPhotoLimits, maxBytes: 50_000_000 });
