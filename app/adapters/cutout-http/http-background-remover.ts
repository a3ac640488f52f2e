import { setTimeout as pause } from "node:timers/promises";
import { circuitBreaker, ConsecutiveBreaker, handleWhen } from "cockatiel";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import type { CutoutInspector } from "#app/cutouts/cutout-inspector.ts";
import { AppError } from "#app/kernel/errors.ts";
import type { Log } from "#app/kernel/log.ts";
import { callCutoutService, type CutoutService } from "./cutout-service.ts";
import { CutoutTrouble, isOutage } from "./cutout-trouble.ts";

/**
 * Takes the background off with a service over HTTP, which has the model and the memory for it. A shopper waits, so the
 * service gets one deadline, one second call, and no more: then the fallback cuts, and the cutout says so. After a few
 * outages in a row the service is left alone for a while, because a service that hangs would cost every portrait the
 * whole deadline.
 */
export type HttpBackgroundRemoverOptions = {
  /** Where the service is, `http://127.0.0.1:7000`. */
  url: string;
  kind: "rembg" | "inspyrenet";
  /** What is deployed there, `2.0.67` say: another version makes another picture. */
  version: string;
  /** The service's own name for a model; its default where it is null. */
  model?: string | null;
  path?: string;
  /** For the call and its second one together, milliseconds. */
  deadlineMs: number;
  inspector: CutoutInspector;
  fallback: BackgroundRemover;
  log?: Pick<Log, "warn" | "error">;
  mostBytes?: number;
  secondCallAfterMs?: number;
  outagesInARow?: number;
  restMs?: number;
};

/** A PNG of the largest photo that is painted is about 7 MB when nothing in it can be compressed. */
const largestAnswerBytes = 25_000_000;

export function createHttpBackgroundRemover(options: HttpBackgroundRemoverOptions): BackgroundRemover {
  const { kind, version, model = null, fallback, log } = options;
  const variant = [kind, version, ...(model === null ? [] : [model])].join("-");
  const cut = createCutter(options, {
    endpoint: new URL(options.path ?? "/api/remove", options.url),
    model,
    mostBytes: options.mostBytes ?? largestAnswerBytes,
  });
  const { outagesInARow = 3, restMs = 30_000 } = options;
  const breaker = circuitBreaker(handleWhen(isOutage), {
    breaker: new ConsecutiveBreaker(outagesInARow),
    halfOpenAfter: restMs,
  });

  return Object.freeze({
    variant,
    async remove(photo, { signal }) {
      try {
        const image = await breaker.execute(() => cut(photo, signal));
        return { image, backgroundKept: false, confidence: null, by: variant };
      } catch (error) {
        if (signal.aborted) throw stopped(error);
        const facts = { remover: variant, by: fallback.variant, why: error instanceof Error ? error.message : "" };
        if (error instanceof CutoutTrouble) log?.warn("another remover stood in", facts);
        else log?.error("another remover stood in", { ...facts, error });
        return fallback.remove(photo, { signal });
      }
    },
  } satisfies BackgroundRemover);
}

type Cut = (photo: Buffer, caller: AbortSignal) => Promise<Buffer>;

/** Our deadline is the service's fault and counts as one; the caller's abort is nobody's. */
function createCutter(options: HttpBackgroundRemoverOptions, service: CutoutService): Cut {
  const { deadlineMs, inspector, secondCallAfterMs = 250 } = options;
  return async (photo, caller) => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = AbortSignal.any([caller, deadline]);
    const call = () => callCutoutService(service, photo, { signal });
    try {
      const image = await call().catch(async (error: unknown) => {
        if (!isOutage(error)) throw error;
        await pause(secondCallAfterMs, undefined, { signal });
        return call();
      });
      const flaw = await inspector.findFlaw(image, { photo });
      if (flaw === undefined) return image;
      throw new CutoutTrouble("refusal", flaw);
    } catch (error) {
      const isLate = deadline.aborted && !(error instanceof CutoutTrouble);
      throw isLate ? new CutoutTrouble("outage", `no answer within ${deadlineMs} ms`, { cause: error }) : error;
    }
  };
}

function stopped(cause: unknown): AppError {
  const publicMessage = "The work was stopped.";
  return new AppError({ code: "cutout_stopped", kind: "unavailable", publicMessage, cause });
}
