import { answerOfStatus, paintingFailureOf, type ProviderAnswer } from "#app/painters/provider-answers.ts";
import type { PaintingFailure } from "#app/painters/painting-failure.ts";
import { AttemptTimedOut } from "./attempt-time.ts";
import type { Exchange } from "./exchange.ts";
import { requestIdOf, shortened } from "./read-answer.ts";

/**
 * A call that ended without an answer, by what was seen on the wire. The SDK's errors alone would not do: they do not tell
 * a timeout from an abort, an unreadable answer from a lost one, or one kind of 429 from another.
 */
export function failureFrom(error: unknown, { seen }: Exchange): PaintingFailure {
  const answer = answerFrom(error, seen);
  const isStatus = answer.startsWith("HTTP");
  return paintingFailureOf(answer, {
    cause: error,
    usage: { tokens: null, finishReason: null, providerRequestId: requestIdOf(null, seen.headers) },
    said: isStatus ? saidIn(seen) : shortened([error instanceof Error ? error.message : String(error), codeOf(error)]),
    retryAfterMs: isStatus ? retryAfterMs(seen) : null,
  });
}

function answerFrom(error: unknown, seen: Exchange["seen"]): ProviderAnswer {
  if (!seen.sent) return "not signed in";
  // A status that came is an answer, however long the rest of it takes.
  if (seen.status !== null && (seen.status < 200 || seen.status > 299))
    return answerOfStatus(seen.status, traitOf(seen));
  if (error instanceof AttemptTimedOut) return "own timeout";
  if (seen.status === null) return isUnreachable(error) ? "unreachable" : "connection lost";
  if (seen.tooLarge) return "answer too large";
  return seen.complete ? "not JSON" : "connection lost";
}

/** Codes of a connection that was never made: nothing was sent, so nothing was billed. */
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|.*SELF_SIGNED.*)$/;

const isUnreachable = (error: unknown): boolean => neverConnected.test(codeOf(error));

/** Fetch wraps what happened once or twice. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++)
    if ("code" in at && typeof at.code === "string") return at.code;
  return "";
}

type ErrorBody = { message: string; details: Record<string, unknown>[] };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The error that Google describes; empty where something in front of it answered in its place. */
function bodyOf({ errorBody }: Exchange["seen"]): ErrorBody {
  try {
    const parsed = JSON.parse(errorBody) as { error?: { message?: unknown; details?: unknown } } | null;
    const { message, details } = parsed?.error ?? {};
    const list: unknown[] = Array.isArray(details) ? details : [];
    return { message: typeof message === "string" ? message : "", details: list.filter(isRecord) };
  } catch {
    return { message: "", details: [] };
  }
}

/**
 * What a 400 or 429 is about. The names of quotas say whether they are counted by the day; Google sends a RetryInfo of
 * some seconds even with those, which is why the name counts and not the pause. Spending limits have no name of their own
 * that we know of: they are told by their words.
 */
function traitOf(seen: Exchange["seen"]): "key" | "rate" | "spend" | "day" | undefined {
  const { message, details } = bodyOf(seen);
  if (seen.status === 400) return details.some(({ reason }) => reason === "API_KEY_INVALID") ? "key" : undefined;
  if (seen.status !== 429) return undefined;
  if (/\bspend|prepay|prepaid|credit balance|credits are/i.test(message)) return "spend";
  return details.some(isDailyQuota) ? "day" : "rate";
}

function isDailyQuota({ violations }: Record<string, unknown>): boolean {
  const list: unknown[] = Array.isArray(violations) ? violations : [];
  return list.some((item) => isRecord(item) && typeof item.quotaId === "string" && /PerDay/i.test(item.quotaId));
}

function saidIn(seen: Exchange["seen"]): string {
  return shortened([`HTTP ${seen.status}`, bodyOf(seen).message]);
}

/** A provider that asks for more than this is down for us, and the breaker knows what to do. */
const longestPauseMs = 24 * 60 * 60 * 1000;

/** The longer of the two ways to ask for a pause, milliseconds; null where neither is used. */
function retryAfterMs(seen: Exchange["seen"]): number | null {
  const asked = [...bodyOf(seen).details.map(({ retryDelay }) => secondsOf(retryDelay)), headerSeconds(seen.headers)];
  const seconds = asked.filter((value) => value !== undefined && value >= 0 && Number.isFinite(value));
  if (seconds.length === 0) return null;
  return Math.min(longestPauseMs, Math.ceil(Math.max(...(seconds as number[])) * 1000));
}

/** `"26s"` or `"600.5s"`, as Google's JSON writes a duration. */
function secondsOf(duration: unknown): number | undefined {
  const match = typeof duration === "string" ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(duration) : null;
  return match === null ? undefined : Number(match[1]);
}

/** Seconds, or a date, which is compared with the answer's own date and not with our clock. */
function headerSeconds(headers: Headers | null): number | undefined {
  const value = headers?.get("retry-after");
  if (value === undefined || value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  return (Date.parse(value) - Date.parse(headers?.get("date") ?? "")) / 1000;
}
