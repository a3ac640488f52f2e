import type { Decoded } from "./photo-canvas.ts";
import type { Pixels } from "./photo-measures.ts";

/**
 * Opens a HEIC with libheif, where the browser cannot. The decoder is two files of its own, fetched for the first such
 * photo and not before; it runs in the worker only, which is ended when it takes too long or too much.
 */
export type HeicUrls = {
  /** Absolute: a worker that was started from a blob has no address of its own to start from. */
  script: string;
  wasm: string;
};

/** What we use of libheif-js; any build of it that has this can lie in the place of ours. */
type Heif = (options: object) => { HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] } };
type HeifImage = {
  get_width(): number;
  get_height(): number;
  is_primary(): boolean;
  display(target: Pixels, done: (target: Pixels | null) => void): void;
  free(): void;
};

export type WorkerScope = { importScripts(url: string): void; libheif?: Heif };

/** As the server's. A pixel costs the decoder about 13 bytes. */
const mostPixels = 64_000_000;
/** No side of what the canvas gets is longer than twice this, pixels. */
const enoughSide = 2048;

/**
 * Null for whatever is wrong: a broken file, too many pixels, no memory, a page that allows no WebAssembly.
 *
 * @param onReady - called when the decoder is there: from now on it is at work
 */
export async function openHeic(
  file: Blob,
  urls: HeicUrls,
  { scope, onReady }: { scope: WorkerScope; onReady(): void },
): Promise<Decoded | null> {
  try {
    const wasm = await fetch(urls.wasm);
    if (!wasm.ok) return null;
    if (!scope.libheif) scope.importScripts(urls.script);
    const quiet = { print: () => {}, printErr: () => {} };
    const heif = scope.libheif?.({ wasmBinary: await wasm.arrayBuffer(), ...quiet });
    if (!heif) return null;
    onReady();
    const images = new heif.HeifDecoder().decode(new Uint8Array(await file.arrayBuffer()));
    const image = images.find((one) => one.is_primary()) ?? images[0];
    return image ? await onCanvas(image) : null;
  } catch {
    return null;
  }
}

async function onCanvas(image: HeifImage): Promise<Decoded | null> {
  const [width, height] = [image.get_width(), image.get_height()];
  if (!width || !height || width * height > mostPixels) return null;
  const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
  const whole = await new Promise<Pixels | null>((done) => image.display(target, done));
  image.free();
  if (!whole) return null;
  const pixels = reduce(whole, Math.max(1, Math.floor(Math.max(width, height) / enoughSide)));
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  canvas.getContext("2d")?.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  return { source: canvas, width, height, close: () => void (canvas.width = canvas.height = 0) };
}

/** Each pixel is the mean of `factor` by `factor` pixels: a second copy of a large photo would be too much for a phone. */
export function reduce(from: Pixels, factor: number): Pixels {
  if (factor === 1) return from;
  const [width, height] = [Math.max(1, Math.floor(from.width / factor)), Math.max(1, Math.floor(from.height / factor))];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at++) {
    const [channel, x, y] = [at % 4, (at >> 2) % width, Math.floor((at >> 2) / width)];
    const start = (y * factor * from.width + x * factor) * 4 + channel;
    let sum = 0;
    for (let row = 0; row < factor; row++) {
      for (let column = 0; column < factor; column++) sum += from.data[start + (row * from.width + column) * 4] ?? 0;
    }
    data[at] = sum / (factor * factor);
  }
  return { data, width, height };
}
