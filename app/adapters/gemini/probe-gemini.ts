import { findModel } from "#app/painters/models.ts";
import { withinTime } from "./attempt-time.ts";
import { createExchange } from "./exchange.ts";
import { createGeminiClient, type GeminiAccess } from "./gemini-client.ts";
import { failureFrom } from "./read-trouble.ts";

export type GeminiProbe = {
  ok: boolean;
  /** One line for whoever runs the check. */
  said: string;
  /** Where a date is known. Google's description of a model has none; it comes beside pictures and in our own list. */
  retirementTime?: string;
};

/** Describes itself in a few kilobytes. */
const mostBytes = 1024 * 1024;

/** Asks for the model by name, which costs nothing and proves address, key and model together. Never throws. */
export async function probeGemini({
  access,
  model,
  baseUrl,
  timeoutMs = 10_000,
}: {
  access: GeminiAccess;
  model: string;
  baseUrl?: string;
  timeoutMs?: number;
}): Promise<GeminiProbe> {
  const shutdownOn = findModel(model)?.retirement.shutdownOn;
  const retirement = shutdownOn ? { retirementTime: shutdownOn } : {};
  const exchange = createExchange({ mostBytes });
  try {
    const client = createGeminiClient(access, baseUrl);
    const found = await withinTime(
      (signal) => client.models.get({ model, config: { abortSignal: signal, httpOptions: { fetch: exchange.fetch } } }),
      { timeoutMs, signal: new AbortController().signal },
    );
    if (!found.name?.endsWith(`/${model}`))
      return { ok: false, said: `another model answered: ${found.name}`, ...retirement };
    return { ok: true, said: `${model} is there${found.version ? `, version ${found.version}` : ""}`, ...retirement };
  } catch (error) {
    return { ok: false, said: failureFrom(error, exchange).message, ...retirement };
  }
}
