import { addAbortSignal, type Readable } from "node:stream";
import type { File } from "@google-cloud/storage";

/** The bytes of an object as they lie there, unchecked: whoever reads them counts and sums them. */
export function openMedia(file: File, { deadlineMs }: { deadlineMs: number }): Readable {
  const stream = file.createReadStream({ validation: false, decompress: false });
  // The SDK hangs more than ten listeners on the answer of one download, and Node would warn of a leak each time.
  stream.once("response", (answer: Readable) => answer.setMaxListeners(20));
  return addAbortSignal(AbortSignal.timeout(deadlineMs), stream);
}
