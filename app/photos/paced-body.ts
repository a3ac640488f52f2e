import type { Clock } from "#app/kernel/clock.ts";
import { uploadTooSlow } from "./errors.ts";

/**
 * A body whose sender has to keep up a pace. Who says that fifty megabytes are coming holds room for them, and a byte a
 * second would hold it for as long as the server has patience; whoever falls behind a pace at which they could not end in
 * time anyway is told so at once. Only the time in which we wait for the sender counts, not the time in which we write.
 */
export type Pace = {
  /** In which nobody is judged, milliseconds of waiting. */
  graceMs: number;
  /** The slowest sender that can still be in time, bytes a second. */
  bytesPerSecond: number;
};

const lookEveryMs = 1_000;

/** @throws AppError `upload_too_slow` from the stream */
export function pacedBody(body: ReadableStream<Uint8Array>, pace: Pace, clock: Clock): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  let waitedMs = 0;
  let waitsSinceMs: number | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  const waited = (): number => waitedMs + (waitsSinceMs === undefined ? 0 : clock.nowMs() - waitsSinceMs);
  const isBehind = (): boolean => bytes < ((waited() - pace.graceMs) / 1000) * pace.bytesPerSecond;
  const end = (): void => clearInterval(timer);

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        timer = setInterval(() => {
          if (!isBehind()) return;
          end();
          controller.error(uploadTooSlow());
          void reader.cancel().catch(() => undefined);
        }, lookEveryMs);
      },
      async pull(controller) {
        waitsSinceMs = clock.nowMs();
        try {
          const { done, value } = await reader.read();
          waitedMs = waited();
          waitsSinceMs = undefined;
          if (done) {
            end();
            return controller.close();
          }
          bytes += value.length;
          controller.enqueue(value);
        } catch (error) {
          end();
          throw error;
        }
      },
      cancel(reason) {
        end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
