import { createHash } from "node:crypto";
import { AppError } from "#app/kernel/errors.ts";

/** Largest JSON body that the contract knows, bytes; ten times what its longest request needs. */
const maxJsonBytes = 32_768;

/**
 * @returns the parsed body and the hash of its bytes
 * @throws AppError `body_too_large`, `body_cut_off` or `body_malformed`
 */
export async function readJson(request: Request): Promise<{ value: unknown; sha256: string }> {
  const body = await readBytes(request);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return { value: JSON.parse(text), sha256: createHash("sha256").update(body).digest("hex") };
  } catch (cause) {
    throw unreadable("body_malformed", cause);
  }
}

async function readBytes({ body }: Request): Promise<Buffer> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    // A sender who goes away in the middle is their affair, not a fault of ours.
    const read = await reader?.read().catch((cause: unknown) => Promise.reject(unreadable("body_cut_off", cause)));
    if (read?.value === undefined) return Buffer.concat(chunks);
    bytes += read.value.length;
    if (bytes > maxJsonBytes) throw await tooLarge(reader);
    chunks.push(read.value);
  }
}

async function tooLarge(reader: ReadableStreamDefaultReader | undefined): Promise<AppError> {
  await reader?.cancel().catch(() => undefined);
  return new AppError({ code: "body_too_large", kind: "too-large", publicMessage: "This request is too large." });
}

const unreadable = (code: string, cause: unknown): AppError =>
  new AppError({ code, kind: "invalid", publicMessage: "This request could not be read.", cause });
