import { createHash } from "node:crypto";
import { AppError } from "#app/kernel/errors.ts";

/** Largest JSON body that the contract knows, bytes; ten times what its longest request needs. */
const maxJsonBytes = 32_768;

/**
 * @returns the parsed body and the hash of its bytes
 * @throws AppError `body_too_large` or `body_malformed`
 */
export async function readJson(request: Request): Promise<{ value: unknown; sha256: string }> {
  const hash = createHash("sha256");
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxJsonBytes)
      throw new AppError({ code: "body_too_large", kind: "too-large", publicMessage: "This request is too large." });
    hash.update(chunk);
    chunks.push(chunk);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
    return { value: JSON.parse(text), sha256: hash.digest("hex") };
  } catch (cause) {
    throw new AppError({
      code: "body_malformed",
      kind: "invalid",
      publicMessage: "This request could not be read.",
      cause,
    });
  }
}
