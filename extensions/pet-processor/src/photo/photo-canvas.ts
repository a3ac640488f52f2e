/** Decoding and drawing, in the page and in the worker: two kinds of canvas with one face. */
export type Decoded = {
  source: CanvasImageSource;
  /** Upright, pixels of the photo itself; the source may be smaller. */
  width: number;
  height: number;
  close(): void;
};

export type Surface = {
  brush: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  /** Null where the browser cannot encode (a device out of memory). */
  jpeg(quality: number): Promise<Blob | null>;
  /** Gives the memory back at once; some phones have little for canvases. */
  free(): void;
};

/** Null where the browser has no canvas to give. */
export type SurfaceMaker = (width: number, height: number) => Surface | null;

/** Upright. Null for what the browser cannot decode. */
export async function decodeBitmap(file: Blob): Promise<Decoded | null> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" })
    // Older browsers turn the photo upright without being asked, and know no word for it.
    .catch((fault: unknown) => (fault instanceof TypeError ? createImageBitmap(file) : null))
    .catch(() => null);
  if (!bitmap) return null;
  const { width, height } = bitmap;
  return { source: bitmap, width, height, close: () => bitmap.close() };
}

/** As an `<img>` shows it: some browsers open a HEIC there and nowhere else. Null for what it does not show. */
export async function decodeImage(file: Blob): Promise<Decoded | null> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  const close = () => URL.revokeObjectURL(image.src);
  try {
    await image.decode();
    return { source: image, width: image.naturalWidth, height: image.naturalHeight, close };
  } catch {
    close();
    return null;
  }
}

export const pageSurface: SurfaceMaker = (width, height) => {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext("2d");
  if (!brush) return null;
  return {
    brush,
    jpeg: (quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality)),
    free: () => void (canvas.width = canvas.height = 0),
  };
};

export const workerSurface: SurfaceMaker = (width, height) => {
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  if (!brush) return null;
  return {
    brush,
    jpeg: (quality) => canvas.convertToBlob({ type: "image/jpeg", quality }).catch(() => null),
    free: () => void (canvas.width = canvas.height = 0),
  };
};

/** Draws the whole photo. White lies under it: a JPEG has no transparency, and would show black. */
export function drawWhole({ brush }: Surface, source: CanvasImageSource, width: number, height: number): void {
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, width, height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(source, 0, 0, width, height);
}

/**
 * Whether what is read from a canvas is what was drawn: against tracking, some browsers give noise in its place, in a
 * JPEG too. A portrait of noise would be sent, painted and paid.
 */
export function isHonest(maker: SurfaceMaker): boolean {
  const surface = maker(2, 2);
  if (!surface) return false;
  surface.brush.fillStyle = "#1e90b4";
  surface.brush.fillRect(0, 0, 2, 2);
  const read = surface.brush.getImageData(0, 0, 2, 2).data;
  surface.free();
  const drawn = [0x1e, 0x90, 0xb4, 0xff];
  // Some change single levels, which nobody sees.
  return read.every((level, at) => Math.abs(level - drawn[at % 4]!) < 8);
}
