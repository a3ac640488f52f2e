import type { PhotoAnswer, PhotoJson, SessionJson, UploadAnswer } from "../../../../app/http/storefront-api.ts";
import type { Surroundings } from "../page/surroundings.ts";
import type { Answer, Call } from "./storefront-call.ts";
import { isPhotoRefused, StorefrontFault } from "./storefront-fault.ts";

export type SentPhoto = {
  bytes: Blob;
  sourceSha256: string | null;
  signal: AbortSignal;
  /** How much has gone out, from 0 to 1. */
  onSent: (share: number) => void;
};

/** What the shop's proxy carries; what is larger has no second way. */
const proxyBytes = 20_000_000;
/** Under this one call through the proxy is quicker than three calls past it. */
const worthwhileBytes = 1_000_000;

export function isWorthwhile({ upload }: SessionJson, bytes: Blob): boolean {
  return upload === "direct" && bytes.size > worthwhileBytes;
}

/**
 * Sends a photo past the shop's proxy, straight into storage, and says so to the server.
 * @returns null where that did not work and the way through the proxy is worth a try
 */
export async function sendDirectly(
  { bytes, sourceSha256, signal, onSent }: SentPhoto,
  { limits }: SessionJson,
  { call, around }: { call: (request: Call) => Promise<Answer>; around: Surroundings },
): Promise<PhotoJson | null> {
  try {
    // Browsers name types in their own ways, or not at all; what the photo is the server finds out from its bytes.
    const content_type = limits.accept.includes(bytes.type) ? bytes.type : (limits.accept[0] ?? "image/jpeg");
    const wish = { bytes: bytes.size, content_type };
    const { upload, photo_id } = (await call({ method: "POST", path: "uploads", body: wish, signal }))
      .body as UploadAnswer;
    const status = await around.sendForm(upload.url, formOf(upload.fields, bytes), { signal, onSent });
    if (status >= 300) throw new StorefrontFault({ code: "network" });
    const query = { source_sha256: sourceSha256 };
    const said: Call = {
      method: "POST",
      path: "photos/received",
      query,
      body: { photo_id },
      timeoutMs: 120_000,
      signal,
    };
    return ((await call(said)).body as PhotoAnswer).photo;
  } catch (fault) {
    signal.throwIfAborted();
    if (isPhotoRefused(fault)) throw fault;
    if (bytes.size <= proxyBytes) return null;
    throw fault instanceof StorefrontFault ? fault : new StorefrontFault({ code: "network" });
  }
}

/** Storage reads the fields up to the file and nothing after it. */
function formOf(fields: Record<string, string>, bytes: Blob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", bytes);
  return form;
}
