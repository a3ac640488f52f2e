import { utcDay } from "#app/kernel/clock.ts";

/**
 * The image models that this app knows. A model's name is a setting, because models come and go: four of them ended in
 * 2026, the last with 23 days' notice. What a request to a model may say differs from one to the next and is written here,
 * so that a model that is not in this list is refused at start and not found out by a paying shopper.
 */
export type ImageModel = {
  id: string;
  role: "default" | "economy" | "premium";
  sizes: readonly ImageSize[];
  /** A model that has one size only answers HTTP 400 to a request that names it. */
  takesImageSize: boolean;
  /** Empty where the model decides for itself and a request must not say. */
  thinkingLevels: readonly ThinkingLevel[];
  ratios: readonly string[];
  retirement: {
    /** UTC day, `YYYY-MM-DD`; null while none has been announced. */
    shutdownOn: string | null;
    source: string;
  };
};

export type ImageSize = "1K" | "2K" | "4K";
export type ThinkingLevel = "minimal" | "medium" | "high";

/** What every image model of the family paints; sources differ on whether the smaller ones know four more. */
const commonRatios = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"] as const;

const deprecations = "https://ai.google.dev/gemini-api/docs/deprecations";
const changelog = "https://ai.google.dev/gemini-api/docs/changelog";

export const imageModels: readonly ImageModel[] = Object.freeze([
  {
    id: "gemini-nano-banana-2.1",
    role: "default",
    sizes: ["1K", "2K", "4K"],
    takesImageSize: true,
    thinkingLevels: ["minimal", "medium", "high"],
    ratios: [...commonRatios, "1:4", "1:8", "4:1", "8:1"],
    retirement: { shutdownOn: null, source: `${changelog} (6 October 2026)` },
  },
  {
    id: "gemini-3.1-flash-lite-image",
    role: "economy",
    sizes: ["1K"],
    takesImageSize: false,
    thinkingLevels: ["minimal", "high"],
    ratios: commonRatios,
    retirement: { shutdownOn: null, source: `${changelog} (30 June 2026)` },
  },
  {
    id: "gemini-3-pro-image",
    role: "premium",
    sizes: ["1K", "2K", "4K"],
    takesImageSize: true,
    thinkingLevels: [],
    ratios: commonRatios,
    retirement: { shutdownOn: null, source: `${deprecations} (read September 2026)` },
  },
]);

/** Models that have ended, by the beginning of their names, with the last day that was announced for them. */
const endedModels = [
  { prefix: "gemini-2.5-flash-image", shutdownOn: "2026-10-02", replacement: "gemini-nano-banana-2.1" },
  { prefix: "gemini-3.1-flash-image-preview", shutdownOn: "2026-06-25", replacement: "gemini-nano-banana-2.1" },
  { prefix: "gemini-3.1-flash-image", shutdownOn: "2026-10-29", replacement: "gemini-nano-banana-2.1" },
  { prefix: "gemini-3-pro-image-preview", shutdownOn: "2026-06-25", replacement: "gemini-3-pro-image" },
  { prefix: "gemini-2.0-flash", shutdownOn: null, replacement: "gemini-nano-banana-2.1" },
  { prefix: "imagen-", shutdownOn: "2026-06-24", replacement: "gemini-nano-banana-2.1" },
] as const;

const defaultModel = "gemini-nano-banana-2.1";
const dayMs = 24 * 60 * 60 * 1000;
/** How long before the end of a model somebody should know: time to try another one and to compare portraits. */
const noticeDays = 45;

/** @returns undefined for a model that this app does not know, or that has ended */
export function findModel(id: string, models = imageModels): ImageModel | undefined {
  return models.find((model) => model.id === id);
}

/**
 * Why a start with this model is refused, in a sentence that names what to use instead; undefined when it may paint.
 *
 * @param todayUtcDay - `YYYY-MM-DD`
 */
export function refusalOf(id: string, todayUtcDay: string, models = imageModels): string | undefined {
  const model = findModel(id, models);
  if (model !== undefined) {
    const { shutdownOn } = model.retirement;
    if (shutdownOn === null || todayUtcDay < shutdownOn) return undefined;
    return `The image model "${id}" was shut down on ${shutdownOn}. ${insteadOf(id)}`;
  }
  const ended = endedModels.find(({ prefix }) => id.startsWith(prefix));
  if (ended !== undefined) {
    const when = ended.shutdownOn === null ? "has been shut down" : `was shut down on ${ended.shutdownOn}`;
    return `The image model "${id}" ${when}. Use "${ended.replacement}" instead.`;
  }
  return `The image model "${id}" is not one that this app knows: it has no price and no known request. ${insteadOf(id)}`;
}

function insteadOf(id: string): string {
  const other = id === defaultModel ? "gemini-3-pro-image" : defaultModel;
  return `Use "${other}" instead.`;
}

export type Retirement = {
  /** UTC day, `YYYY-MM-DD`. */
  endsOn: string;
  /** Whole days; below zero when it has ended. */
  daysLeft: number;
  hasEnded: boolean;
  /** Within 45 days, or over: somebody should be told. */
  isNear: boolean;
};

/**
 * When a model ends, as far as anybody has said.
 *
 * @param nowMs - milliseconds since the epoch
 * @param reportedRetirementTime - what the provider said, RFC 3339; it may know more than our list, and the earlier of
 *   both counts
 */
export function retirementOf(
  id: string,
  nowMs: number,
  reportedRetirementTime?: string,
  models = imageModels,
): Retirement | undefined {
  const known = findModel(id, models)?.retirement.shutdownOn ?? undefined;
  const ends = [known, reportedRetirementTime].map(instantOf).filter((at) => at !== undefined);
  if (ends.length === 0) return undefined;
  const endsAtMs = Math.min(...ends);
  const daysLeft = Math.floor((endsAtMs - nowMs) / dayMs);
  return { endsOn: utcDay(endsAtMs), daysLeft, hasEnded: endsAtMs <= nowMs, isNear: daysLeft <= noticeDays };
}

/** What to say to whoever runs the app when a model ends within 45 days; undefined while there is time. */
export function retiresSoon(...about: Parameters<typeof retirementOf>): string | undefined {
  const retirement = retirementOf(...about);
  if (retirement === undefined || !retirement.isNear) return undefined;
  const { endsOn, daysLeft, hasEnded } = retirement;
  const when = hasEnded ? `ended on ${endsOn}` : `ends on ${endsOn}, in ${daysLeft} days`;
  return `The image model "${about[0]}" ${when}. Choose another one and compare portraits before then.`;
}

/** What a provider says may be anything; what is not a time is as good as not said. */
function instantOf(time: string | undefined): number | undefined {
  const atMs = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(atMs) ? undefined : atMs;
}
