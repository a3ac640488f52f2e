import type { GenerateContentParameters } from "@google/genai";
import { AppError } from "#app/kernel/errors.ts";
import { findModel, type ImageSize, type ThinkingLevel } from "#app/painters/models.ts";
import type { Painter, PaintRequest, Painting } from "#app/painters/painter.ts";
import { paintingFailureOf } from "#app/painters/provider-answers.ts";
import { withinTime } from "./attempt-time.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import { createGeminiClient, type GeminiAccess } from "./gemini-client.ts";
import { portraitConfig, portraitParts, type PortraitSettings } from "./portrait-request.ts";
import { readAnswer, type Reading } from "./read-answer.ts";
import { failureFrom } from "./read-trouble.ts";

export type GeminiPainterSettings = {
  access: GeminiAccess;
  /** Name of a model that `app/painters/models.ts` knows. */
  model: string;
  imageSize?: ImageSize;
  /** What the model chooses for itself where it is left out. */
  thinkingLevel?: ThinkingLevel;
  /** Thinking, words and picture together. */
  maxOutputTokens?: number;
  /** For one attempt, milliseconds. At most 300 000, where Node's own fetch gives up. */
  attemptTimeoutMs: number;
  /** Where Google is reached, without a path; another address is for a fake or a gateway. */
  baseUrl?: string;
  /** Called when an answer says that its model will end, with the time as it came. Must not throw. */
  onRetirement?(retirementTime: string): void;
};

/**
 * Paints with a Gemini image model: one call is one request, never more, and whatever it comes to is reported with what it
 * used. Deadline and limits are our own, because the SDK cannot tell its timeout from an abort and reads without end.
 *
 * @throws TypeError at once for a model, size or thinking level that does not exist or does not go together
 */
export function createGeminiPainter(settings: GeminiPainterSettings): Painter {
  const portrait = portraitSettings(settings);
  const client = createGeminiClient(settings.access, settings.baseUrl);
  return Object.freeze({
    kind: "gemini",
    model: portrait.model.id,
    async paint(request) {
      checkPets(request);
      const exchange = createExchange({ mostBytes: mostAnswerBytes(portrait.imageSize) });
      const response = await withinTime(
        (signal) => client.models.generateContent(callOf(request, { portrait, exchange, signal, ...settings })),
        { timeoutMs: settings.attemptTimeoutMs, signal: request.signal },
      ).catch((error: unknown) => {
        if (request.signal.aborted && error === request.signal.reason) throw error;
        throw failureFrom(error, exchange);
      });
      const { retirementTime } = response.modelStatus ?? {};
      if (typeof retirementTime === "string") settings.onRetirement?.(retirementTime);
      return paintingFrom(readAnswer(response, exchange.seen.headers));
    },
  } satisfies Painter);
}

function callOf(
  request: PaintRequest,
  call: { portrait: PortraitSettings; exchange: Exchange; signal: AbortSignal; attemptTimeoutMs: number },
): GenerateContentParameters {
  return {
    model: call.portrait.model.id,
    contents: [{ role: "user", parts: portraitParts(request) }],
    config: {
      ...portraitConfig(request, call.portrait),
      abortSignal: call.signal,
      httpOptions: {
        fetch: call.exchange.fetch,
        // Lets the provider stop work that nobody will wait for. The SDK's own `timeout` would send it as well, and would
        // end the call in a way that looks like the caller's abort.
        headers: { "X-Server-Timeout": String(Math.ceil(call.attemptTimeoutMs / 1000)) },
      },
    },
  };
}

function paintingFrom(reading: Reading): Painting {
  if (reading.picture !== null) return { image: reading.picture, usage: reading.usage };
  throw paintingFailureOf(reading.answer, { usage: reading.usage, said: reading.said });
}

/** A picture of 4K was seen with 24 MB, a third more as text; of 2K it has a quarter of that. */
const mostAnswerBytes = (size: ImageSize): number => (size === "4K" ? 40 : 32) * 1024 * 1024;

/** What Google takes for one picture within a request. */
const mostPictureBytes = 7_000_000;
const mostPets = 3;

function checkPets({ pets }: PaintRequest): void {
  if (pets.length < 1 || pets.length > mostPets)
    throw new AppError({
      code: "portrait_invalid",
      kind: "invalid",
      publicMessage: "This portrait cannot be painted.",
      message: `cannot paint ${pets.length} pets`,
      field: "photos",
    });
  const tooLarge = pets.find(({ image }) => image.length > mostPictureBytes);
  if (tooLarge) throw paintingFailureOf("photo too large", { said: `${tooLarge.image.length} bytes` });
}

function portraitSettings(settings: GeminiPainterSettings): PortraitSettings {
  const { imageSize = "1K", thinkingLevel, maxOutputTokens, attemptTimeoutMs } = settings;
  const model = findModel(settings.model) ?? wrong(`there is no image model "${settings.model}"`);
  if (!model.sizes.includes(imageSize)) wrong(`"${model.id}" paints ${model.sizes.join(", ")} and not ${imageSize}`);
  if (thinkingLevel !== undefined && !model.thinkingLevels.includes(thinkingLevel))
    wrong(`"${model.id}" cannot be told to think "${thinkingLevel}"`);
  if (!(attemptTimeoutMs > 0 && attemptTimeoutMs <= 300_000))
    wrong(`not a time for an attempt: ${attemptTimeoutMs} ms`);
  return {
    model,
    imageSize,
    ...(thinkingLevel === undefined ? {} : { thinkingLevel }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
}

function wrong(message: string): never {
  throw new TypeError(message);
}
