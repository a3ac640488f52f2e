/**
 * One request and its answer on the wire, watched. The SDK takes a `fetch` of ours for each call; this one makes sure that
 * a call is one request, that an answer is never read beyond a limit, that no redirect carries the key elsewhere, and it
 * remembers what the SDK's errors leave out.
 */
export type Exchange = {
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  seen: {
    /** Whether a request was handed to the network at all. */
    sent: boolean;
    status: number | null;
    headers: Headers | null;
    /** Of an answer with an error status, at most a few kilobytes. */
    errorBody: string;
    /** Whether the answer was read to its end. */
    complete: boolean;
    tooLarge: boolean;
  };
};

/** Google's error bodies are below two kilobytes; what a broken proxy sends in their place can be anything. */
const mostErrorBytes = 16 * 1024;

/** @param mostBytes - of a good answer, after decompression */
export function createExchange({ mostBytes }: { mostBytes: number }): Exchange {
  const seen: Exchange["seen"] = {
    sent: false,
    status: null,
    headers: null,
    errorBody: "",
    complete: false,
    tooLarge: false,
  };
  return {
    seen,
    async fetch(input, init) {
      if (seen.sent) throw new Error("one attempt is one request, and this would be a second one");
      seen.sent = true;
      // Fetch follows redirects and takes a key in a header of its own along, wherever they lead.
      const response = await globalThis.fetch(input, { ...init, redirect: "manual" });
      seen.status = response.status;
      seen.headers = response.headers;
      if (!response.ok) {
        seen.errorBody = await beginningOf(response, mostErrorBytes);
        return new Response(seen.errorBody || null, { status: response.status, statusText: response.statusText });
      }
      return new Response(response.body?.pipeThrough(bounded(seen, mostBytes)) ?? null, {
        status: response.status,
        headers: response.headers,
      });
    },
  };
}

/** Passes chunks on as they come and breaks off at the limit, which also ends the connection. */
function bounded(seen: Exchange["seen"], mostBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    start(controller) {
      // What is known to be too large is not even begun with; a length is no promise for the rest.
      if (Number(seen.headers?.get("content-length")) > mostBytes) breakOff(controller);
    },
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) breakOff(controller);
      else controller.enqueue(chunk);
    },
    flush() {
      seen.complete = true;
    },
  });

  function breakOff(controller: TransformStreamDefaultController<Uint8Array>): void {
    seen.tooLarge = true;
    controller.error(new Error(`the answer is larger than ${mostBytes} bytes`));
  }
}

async function beginningOf(response: Response, mostBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (reader !== undefined && bytes < mostBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      bytes += value.byteLength;
    }
    await reader?.cancel();
  } catch {
    // The status is what counts; it came before the line went dead.
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString("utf8");
}
