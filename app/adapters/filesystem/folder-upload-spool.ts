import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, isAppError } from "#app/kernel/errors.ts";
import { releaseBytes } from "#app/kernel/release-bytes.ts";
import { photoTooLarge, uploadsBusy } from "#app/photos/errors.ts";
import { sniffBytes } from "#app/photos/file-type.ts";
import type { SpooledUpload, UploadSpool } from "#app/photos/upload-spool.ts";

/** Uploads in a folder of their own, each for as long as it takes to read it. */
export function createFolderUploadSpool(folder: string): UploadSpool {
  return Object.freeze({
    async receive(body, { maxBytes }) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, randomUUID());
      const discard = () => rm(path, { force: true });
      try {
        return { path, discard, ...(await writeCounted(body, path, maxBytes)) };
      } catch (error) {
        await discard();
        throw isFull(error) ? uploadsBusy(error) : error;
      }
    },
  } satisfies UploadSpool);
}

async function writeCounted(
  body: ReadableStream<Uint8Array>,
  path: string,
  maxBytes: number,
): Promise<Pick<SpooledUpload, "bytes" | "sha256" | "head">> {
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o600);
  let bytes = 0;
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of senderOf(body)) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw photoTooLarge(maxBytes);
      if (head.length < sniffBytes) head = Buffer.concat([head, chunk.subarray(0, sniffBytes - head.length)]);
      hash.update(chunk);
      await file.appendFile(chunk);
      releaseBytes(chunk);
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest("hex"), head };
}

/** A sender who goes away in the middle is their affair, not a fault of ours. What says what it is stays what it is. */
async function* senderOf(body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => Promise.reject(cutOff(cause)));
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Of others' files, too: the same as no room of ours, and worth somebody's look. */
const isFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");

const cutOff = (cause: unknown): AppError => (isAppError(cause) ? cause : uploadCutOff(cause));

const uploadCutOff = (cause: unknown): AppError =>
  new AppError({
    code: "upload_cut_off",
    kind: "invalid",
    publicMessage: "The photo did not arrive completely. Please try again.",
    cause,
  });
