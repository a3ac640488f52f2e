import { createHttpBackgroundRemover } from "#app/adapters/cutout-http/http-background-remover.ts";
import { createClassicBackgroundRemover } from "#app/adapters/sharp/classic-background-remover.ts";
import { createCutoutInspector } from "#app/adapters/sharp/cutout-inspector.ts";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { createPictureCheck } from "#app/adapters/sharp/picture-check.ts";
import { withinRoom } from "#app/adapters/sharp/pixel-memory.ts";
import { createPixelWorkers } from "#app/adapters/sharp/pixel-workers.ts";
import { createPreviewPainter } from "#app/adapters/sharp/preview-painter.ts";
import type { Config } from "#app/config.server.ts";
import type { BackgroundRemover } from "#app/cutouts/background-remover.ts";
import { utcDay, type Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import { geminiPrices, mostOutputTokens } from "#app/ledger/gemini-prices.ts";
import { createPriceTable, previewPrice, type PriceTable } from "#app/ledger/price-table.ts";
import { createPainterGuard, type PainterGuardOptions } from "#app/painters/painter-guard.ts";
import type { Painter } from "#app/painters/painter.ts";
import { intakeMemory } from "#app/photos/intake-memory.ts";
import { createPixelRoom } from "#app/photos/pixel-room.ts";
import { createRetirementWatch, type RetirementWatch } from "./retirement-watch.ts";

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
  const room = createPixelRoom({ bytes: intakeMemory(config.memoryBytes).pixelBytes });
  const workers = withinRoom(createPixelWorkers({ threads: config.painter.threads }), room);
  await workers.hello();
  const prices = parts.prices ?? createPriceTable([previewPrice, ...geminiPrices(config.gemini?.imageSize ?? "1K")]);
  const retirements = createRetirementWatch({ models: geminiModels(config), clock, log: options.log });
  const gemini = () => geminiPainters(options, retirements);
  const offered = parts.painters ?? (await gemini()) ?? [createPreviewPainter(workers)];
  const painters = offered.map((painter) => {
    // A model without a price is found out now and not at the first portrait.
    prices.priceOf(painter.model, utcDay(clock.nowMs()));
    return { painter, guard: guardFor(painter, options) };
  });
  return {
    workers,
    painters,
    retirements,
    prices,
    pictureCheck: createPictureCheck(),
    remover: parts.remover ?? backgroundRemover(options, createClassicBackgroundRemover(workers)),
    photoReader: createPhotoReader(room),
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

/** The usual model first, then the cheaper one. */
const geminiModels = ({ gemini }: Config): string[] =>
  [gemini?.model, gemini?.cheaperModel].filter((model) => typeof model === "string");

/** @returns a painter for each model; undefined where the preview painter paints */
async function geminiPainters({ config }: Options, retirements: RetirementWatch): Promise<Painter[] | undefined> {
  if (config.gemini === null) return undefined;
  // The SDK takes half a second and thirty megabytes; who paints previews does not need it.
  const { createGeminiPainter } = await import("#app/adapters/gemini/gemini-painter.ts");
  const { access, imageSize, baseUrl } = config.gemini;
  return geminiModels(config).map((model) =>
    createGeminiPainter({
      access,
      model,
      imageSize,
      attemptTimeoutMs,
      ...optional("maxOutputTokens", mostOutputTokens(model, imageSize)),
      ...optional("baseUrl", baseUrl ?? undefined),
      onRetirement: (time) => retirements.heard(model, time),
    }),
  );
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
