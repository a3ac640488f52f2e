import { browserSurroundings } from "../page/surroundings.ts";
import { decodeBitmap, decodeImage, pageSurface } from "./photo-canvas.ts";
import type { HeicUrls } from "./photo-heic.ts";
import { isAccepted, kindOf, sniffBytes } from "./photo-kind.ts";
import type { PhotoFlaw } from "./photo-measures.ts";
import { sha256, treatPhoto, type PhotoLimits, type PhotoRefusal, type TreatedPhoto } from "./photo-treatment.ts";
import {
  createPhotoWorker,
  patienceMs,
  type PhotoJob,
  type PhotoWorker,
  type WorkerSurroundings,
} from "./photo-worker-host.ts";

export type { PhotoFlaw, PhotoLimits, PhotoRefusal };

/** What the shopper picked, ready to travel: upright, shrunk where that saves something, with the hash of the original. */
export type ReadPhoto = {
  bytes: Blob;
  sourceSha256: string | null;
  /** Of the photo that the server will see, upright, pixels. 0 where this browser cannot tell and the server can. */
  width: number;
  height: number;
  /** What to say about it; nothing of it forbids the photo. */
  flaws: PhotoFlaw[];
  /** What an `<img>` shows, if this browser shows it at all. */
  preview: Blob;
};

export type PhotoTools = {
  /** Address of the worker's script. Without it the page does the work itself. */
  workerUrl?: string | undefined;
  /** Addresses of the decoder for HEIC. Without them such a photo is refused where the browser cannot open it. */
  heicUrl?: HeicUrls | undefined;
  around?: WorkerSurroundings;
};

/** A HEIC of 64 million pixels is far smaller; the decoder holds the file beside its pixels. */
const mostHeicBytes = 50_000_000;

let line: Promise<unknown> = Promise.resolve();

/**
 * Reads a picked file and shrinks it before it travels, off the main thread where the browser lets us. What a browser
 * cannot decode goes as it is, if the server reads it; what nobody can read is refused here, before anything is sent.
 * One photo after the other: two large ones at once are too much for a phone.
 */
export function readPhoto(file: Blob, limits: PhotoLimits, tools: PhotoTools = {}): Promise<ReadPhoto | PhotoRefusal> {
  const turn = line.then(() => read(file, limits, tools));
  line = turn.catch(() => {});
  return turn;
}

async function read(file: Blob, limits: PhotoLimits, tools: PhotoTools): Promise<ReadPhoto | PhotoRefusal> {
  const { workerUrl, around = browserSurroundings } = tools;
  // A file that was moved away since it was picked cannot be read any more.
  const head = await file
    .slice(0, sniffBytes)
    .arrayBuffer()
    .catch(() => null);
  if (!head?.byteLength) return { refused: "photo_broken" };
  const job: PhotoJob = { file, kind: kindOf(new Uint8Array(head)), limits, heic: null };
  const worker = workerUrl ? workerAt(workerUrl, around) : null;
  const inWorker = worker ? await worker.treat(job) : "none";
  if (typeof inWorker === "object") return readyToTravel(file, inWorker);
  const inPage = await treatInPage(job, around);
  if (typeof inPage === "object") return readyToTravel(file, inPage);
  if (job.kind === "heic") return openHeic(job, worker, tools);
  return inPage === "lost" ? { refused: "photo_broken" } : undecoded(job);
}

function readyToTravel(file: Blob, treated: TreatedPhoto | PhotoRefusal): ReadPhoto | PhotoRefusal {
  if ("refused" in treated) return treated;
  const { jpeg, ...facts } = treated;
  const bytes = jpeg ?? file;
  return { bytes, preview: bytes, ...facts };
}

/** The same work in the page, in slices: what the worker could not do, or where there is none. */
async function treatInPage(
  job: PhotoJob,
  around: WorkerSurroundings,
): Promise<TreatedPhoto | PhotoRefusal | "undecoded" | "lost"> {
  const over = new AbortController();
  const pause = () => around.wait(0, over.signal);
  const work = async () => {
    const photo = (await decodeBitmap(job.file)) ?? (job.kind === "other" ? null : await decodeImage(job.file));
    return photo ? treatPhoto(job.file, photo, { ...job, surface: pageSurface, pause }) : "undecoded";
  };
  const tooLong = around.wait(patienceMs, over.signal).then(() => "lost" as const);
  tooLong.catch(() => {});
  try {
    return await Promise.race([work(), tooLong]);
  } catch {
    return "lost";
  } finally {
    over.abort();
  }
}

/** Both browser decoders have failed. Only the worker opens it: it can be ended when it takes too long or too much. */
async function openHeic(
  job: PhotoJob,
  worker: PhotoWorker | null,
  { heicUrl }: PhotoTools,
): Promise<ReadPhoto | PhotoRefusal> {
  const refusal = { refused: "photo_heic" } as const;
  if (!worker || !heicUrl || job.file.size > mostHeicBytes) return refusal;
  const absolute = (url: string) => new URL(url, document.baseURI).href;
  const heic = { script: absolute(heicUrl.script), wasm: absolute(heicUrl.wasm) };
  const opened = await worker.treat({ ...job, heic });
  return typeof opened === "object" ? readyToTravel(job.file, opened) : refusal;
}

async function undecoded({ file, kind, limits }: PhotoJob): Promise<ReadPhoto | PhotoRefusal> {
  if (!isAccepted(kind)) return { refused: "photo_type" };
  if (file.size > limits.max_bytes) return { refused: "photo_too_large" };
  return { bytes: file, preview: file, sourceSha256: await sha256(file), width: 0, height: 0, flaws: [] };
}

let shared: { url: string; worker: PhotoWorker } | null = null;

/** One worker for the page, however many blocks and photos there are. */
function workerAt(url: string, around: WorkerSurroundings): PhotoWorker {
  if (shared?.url !== url) shared = { url, worker: createPhotoWorker(url, around) };
  return shared.worker;
}
