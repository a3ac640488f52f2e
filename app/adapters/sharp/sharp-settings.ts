import sharp from "sharp";

/**
 * Makes sharp safe for strangers' pictures. Loaders are allow-listed, because libvips would happily open SVG, GIF, TIFF
 * or PDF under any name; one thread a picture and no cache keep the memory of a job predictable.
 *
 * The settings live in libvips and so hold for the whole process, worker threads included. They are made by whoever
 * starts sharp work (the photo reader, the workers' pool), never by a worker: between the two calls nothing can be
 * decoded, and a worker that is started again must not disturb its neighbours.
 */
export function makeSharpSafe(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({
    operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif"],
  });
}

/** 48-megapixel phones pass, decompression bombs do not. */
export const mostInputPixels = 64e6;
