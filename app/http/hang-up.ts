import { releaseBytes } from "#app/kernel/release-bytes.ts";

/**
 * Answers a request of which the body is not wanted, and closes its connection. Who is still writing when a connection is
 * closed often sees only that, and never the answer; so the answer goes out at once, and what is sent meanwhile is thrown
 * away for a moment, until the sender has read it and stops. Nothing of it is kept.
 */
export async function answerAndHangUp(answer: Response, body: ReadableStream<Uint8Array>): Promise<Response> {
  const text = new Uint8Array(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  headers.set("Connection", "close");
  headers.set("Content-Length", String(text.length));
  const sender = body.getReader();
  // The answer is whole for who reads its length; that its stream ends later is what keeps the connection until then.
  const spoken = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(text);
      await discard(sender);
      controller.close();
    },
    cancel: () => sender.cancel(),
  });
  return new Response(spoken, { status: answer.status, headers });
}

const patienceMs = 1_000;

async function discard(sender: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void sender.cancel().catch(() => undefined), patienceMs);
  try {
    for (;;) {
      const { done, value } = await sender.read();
      if (done) return;
      releaseBytes(value);
    }
  } catch {
    // Gone, which is what was waited for.
  } finally {
    clearTimeout(timer);
  }
}
