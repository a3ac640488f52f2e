import { CutoutTrouble } from "./cutout-trouble.ts";

/**
 * One call of a cutout service: the photo goes out as a form with the field `file`, the cutout comes back as the body.
 * rembg's own server speaks this, and so do the small servers that people put around other models.
 */
export type CutoutService = {
  /** Of the call, path included. */
  endpoint: URL;
  /** The service's name for the model, where it has several. */
  model: string | null;
  /** A longer answer is cut off while it comes in. */
  mostBytes: number;
};

/**
 * @throws CutoutTrouble
 * @throws the signal's reason once it is aborted
 */
export async function callCutoutService(
  service: CutoutService,
  photo: Buffer,
  { signal }: { signal: AbortSignal },
): Promise<Buffer> {
  const form = new Response(formOf(photo, service.model));
  // Put together before it is sent: when a call ends while fetch walks through a form, Node 24 rejects a promise that
  // nobody holds.
  const body = await form.arrayBuffer();
  try {
    const response = await fetch(service.endpoint, {
      method: "POST",
      body,
      headers: {
        "Content-Type": form.headers.get("Content-Type") ?? "",
        Accept: "image/png",
        // A gzipped answer could be a thousand times as long as what came in.
        "Accept-Encoding": "identity",
      },
      // The service is one that we were told of; it does not get to name another.
      redirect: "manual",
      signal,
    });
    if (response.ok) return await readAtMost(response, service.mostBytes);
    // Unread, the body would hold its connection for as long as the service likes to talk.
    await response.body?.cancel();
    const isOver = response.status < 500 && response.status !== 429;
    throw new CutoutTrouble(isOver ? "refusal" : "outage", `status ${response.status}`);
  } catch (error) {
    if (error instanceof CutoutTrouble) throw error;
    signal.throwIfAborted();
    throw new CutoutTrouble("outage", reasonOf(error), { cause: error });
  }
}

function formOf(photo: Buffer, model: string | null): FormData {
  const form = new FormData();
  // Services sniff the bytes; some only look at them when the type says that they are a picture.
  form.set("file", new Blob([new Uint8Array(photo)], { type: "image/jpeg" }), "photo.jpg");
  if (model !== null) form.set("model", model);
  return form;
}

/** Counts what really comes in, whatever the head says of the length. */
async function readAtMost(response: Response, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by throwing cancels the body, and with it the connection.
  for await (const chunk of chunksOf(response)) {
    length += chunk.byteLength;
    if (length > mostBytes) throw new CutoutTrouble("refusal", `more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Node's streams can be walked through; the browser's types do not know that yet. */
const chunksOf = (response: Response) => (response.body ?? []) as unknown as AsyncIterable<Uint8Array>;

/** fetch says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : String(error);
}
