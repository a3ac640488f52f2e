import sharp from "sharp";
import type { AppError, AppErrorFacts } from "#app/kernel/errors.ts";
import type { PaintRequest, Painter, Painting } from "#app/painters/painter.ts";
import { PaintingFailure, type PaintingFailureFacts } from "#app/painters/painting-failure.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";

/**
 * A painter that answers at once and can be told to be slow, to fail or to wait. It paints one flat colour for each take,
 * and it keeps the bill: `calls` is what the ledger must agree with.
 */
export type QuickPainter = Painter & {
  calls: PaintRequest[];
  plan: PainterPlan;
  /** Ends the wait of whatever is being painted. */
  letGo(): void;
};

export type PainterPlan = {
  /** Waits this long before it answers, milliseconds. */
  takesMs: number;
  /** Paints on although it is told to stop. */
  deaf?: boolean;
  /** Fails the calls for which it says so. */
  fails: (call: number) => AppError | undefined;
};

export function createQuickPainter(plan: Partial<PainterPlan> = {}, model = "preview-1"): QuickPainter {
  const calls: PaintRequest[] = [];
  const waiting = new Set<() => void>();
  const painter: QuickPainter = {
    kind: "preview",
    model,
    calls,
    plan: { takesMs: 0, fails: () => undefined, ...plan },
    letGo: () => waiting.forEach((end) => end()),
    async paint(request) {
      calls.push(request);
      const error = painter.plan.fails(calls.length);
      const { takesMs, deaf } = painter.plan;
      await pause(takesMs, { signal: deaf === true ? new AbortController().signal : request.signal, waiting });
      if (error !== undefined) throw error;
      return paintingOf(request);
    },
  };
  return painter;
}

async function paintingOf({ take, size }: PaintRequest): Promise<Painting> {
  const background = { r: (take * 37) % 256, g: 180, b: 160 };
  const image = await sharp({ create: { ...size, channels: 3, background } })
    .jpeg({ quality: 40 })
    .toBuffer();
  return {
    image,
    usage: { tokens: null, finishReason: "STOP", providerRequestId: null },
  };
}

/** A remover that takes the photo as it is. */
export const quickRemover: BackgroundRemover = {
  variant: "quick-1",
  remove: async (photo) => ({
    image: await sharp(photo).png({ compressionLevel: 0 }).toBuffer(),
    backgroundKept: false,
    confidence: 1,
    by: "quick-1",
  }),
};

/** A failure that no retry mends; `facts` makes another one of it. */
export const providerDown = (facts: Partial<PaintingFailureFacts & AppErrorFacts> = {}): PaintingFailure =>
  new PaintingFailure({
    code: "provider_down",
    kind: "unavailable",
    publicMessage: "The painter does not answer. Please try again.",
    remedy: "none",
    providerIsDown: false,
    billing: "nothing",
    ...facts,
  });

function pause(ms: number, { signal, waiting }: { signal: AbortSignal; waiting: Set<() => void> }): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(resolve, ms);
    const end = () => (clearTimeout(timer), waiting.delete(end), resolve());
    waiting.add(end);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
  });
}
