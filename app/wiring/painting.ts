import { createHttpBackgroundRemover } from "#app/adapters/cutout-http/http-background-remover.ts";
import { createClassicBackgroundRemover } from "#app/adapters/sharp/classic-background-remover.ts";
import { createCutoutInspector } from "#app/adapters/sharp/cutout-inspector.ts";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { createPictureCheck } from "#app/adapters/sharp/picture-check.ts";
import { createPixelWorkers } from "#app/adapters/sharp/pixel-workers.ts";
import { createPreviewPainter } from "#app/adapters/sharp/preview-painter.ts";
import type { Config } from "#app/config.server.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import { utcDay, type Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import { geminiPrices, mostOutputTokens } from "#app/ledger/gemini-prices.ts";
import { createPriceTable, previewPrice, type PriceTable } from "#app/ledger/price-table.ts";
import { retiresSoon } from "#app/painters/models.ts";
import { createPainterGuard, type PainterGuardOptions } from "#app/painters/painter-guard.ts";
import type { Painter } from "#app/painters/painter.ts";

/** What a test may put in the place of a slow or a paid part. */
export type PaintingParts = {
  /** The usual painter first, cheaper ones after it. */
  painters?: Painter[];
  guard?: Partial<PainterGuardOptions>;
  remover?: BackgroundRemover;
  prices?: PriceTable;
};

type Options = { config: Config; log: Log; clock: Clock; parts: PaintingParts };

/** Everything between a photo and a picture, with the threads that it needs. */
export async function openPainting(options: Options) {
  const { config, clock, parts } = options;
  const workers = createPixelWorkers({ threads: config.painter.threads });
  await workers.hello();
  const prices = parts.prices ?? createPriceTable([previewPrice, ...geminiPrices(config.gemini?.imageSize ?? "1K")]);
  const offered = parts.painters ?? (await geminiPainters(options)) ?? [createPreviewPainter(workers)];
  const painters = offered.map((painter) => {
    // A model without a price is found out now and not at the first portrait.
    prices.priceOf(painter.model, utcDay(clock.nowMs()));
    return { painter, guard: guardFor(painter, options) };
  });
  return {
    workers,
    painters,
    prices,
    pictureCheck: createPictureCheck(),
    remover: parts.remover ?? backgroundRemover(options, createClassicBackgroundRemover(workers)),
    photoReader: createPhotoReader(),
  };
}

/** For both calls of the service together, milliseconds. */
const cutoutDeadlineMs = 20_000;

function backgroundRemover({ config: { backgroundRemover: chosen }, log }: Options, classic: BackgroundRemover) {
  if (chosen.kind === "classic") return classic;
  const inspector = createCutoutInspector();
  return createHttpBackgroundRemover({ ...chosen, deadlineMs: cutoutDeadlineMs, inspector, fallback: classic, log });
}

/** For one attempt, milliseconds: slower answers than this were seen, and rarely worth waiting for. */
const attemptTimeoutMs = 45_000;

/** @returns the usual model and the cheaper one; undefined where the preview painter paints */
async function geminiPainters({ config, log, clock }: Options): Promise<Painter[] | undefined> {
  if (config.gemini === null) return undefined;
  // The SDK takes half a second and thirty megabytes; who paints previews does not need it.
  const { createGeminiPainter } = await import("#app/adapters/gemini/gemini-painter.ts");
  const { access, model, cheaperModel, imageSize, baseUrl } = config.gemini;
  const warnOfRetirement = onceEach((message) => log.warn("model retires", { message }));
  return [model, cheaperModel].flatMap((name) => {
    if (name === null) return [];
    warnOfRetirement(retiresSoon(name, clock.nowMs()));
    return createGeminiPainter({
      access,
      model: name,
      imageSize,
      attemptTimeoutMs,
      ...optional("maxOutputTokens", mostOutputTokens(name, imageSize)),
      ...optional("baseUrl", baseUrl ?? undefined),
      onRetirement: (time) => warnOfRetirement(retiresSoon(name, clock.nowMs(), time)),
    });
  });
}

/** A provider says it beside every picture; the sentence counts the days, so somebody hears of it once a day. */
function onceEach(tell: (message: string) => void): (message: string | undefined) => void {
  const told = new Set<string>();
  return (message) => {
    if (message === undefined || told.has(message)) return;
    told.add(message);
    tell(message);
  };
}

const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

function guardFor({ model }: Painter, { config, log, clock, parts }: Options) {
  return createPainterGuard({
    clock,
    concurrency: config.painter.portraitsAtOnce,
    onEvent: ({ name, ...facts }) => log.warn(name, { model, ...facts }),
    ...parts.guard,
  });
}
