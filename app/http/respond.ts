import type { Log } from "#app/kernel/log.ts";
import { asAppError, type AppError, type ErrorKind } from "#app/kernel/errors.ts";
import type { ErrorAnswer, QuotaJson } from "./storefront-api.ts";

/** The only place where what went wrong becomes a status. */
const statusOf: Record<ErrorKind, number> = {
  unsigned: 401,
  invalid: 422,
  "too-large": 413,
  unsupported: 415,
  "not-found": 404,
  conflict: 409,
  exhausted: 429,
  unavailable: 503,
  bug: 500,
};

/** Seconds after which to ask again, where the error does not know better. */
const defaultRetrySeconds = 5;

export function json(
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...headers,
    },
  });
}

export function noContent(): Response {
  return new Response(null, { status: 204, headers: { "Cache-Control": "no-store" } });
}

/** The storefront's answer to whatever was thrown. Unexpected faults are told to the log, never to the visitor. */
export function errorResponse(
  thrown: unknown,
  { log, nowMs, quota }: { log: Log; nowMs: number; quota?: QuotaJson | null },
): Response {
  const error = asAppError(thrown);
  if (error.report) log.error("storefront call failed", { code: error.code, error: error.cause ?? error });
  const status = statusOf[error.kind];
  const body: ErrorAnswer = { ...errorBody(error), ...(quota ? { quota } : {}) };
  return json(body, { status, headers: { ...retryHeader(error, status, nowMs), ...closing(status) } });
}

function errorBody(error: AppError): ErrorAnswer {
  return {
    error: {
      code: error.code,
      message: error.publicMessage,
      ...(error.retryAtMs === undefined ? {} : { retry_at: new Date(error.retryAtMs).toISOString() }),
      ...(error.field === undefined ? {} : { field: error.field }),
    },
  };
}

function retryHeader(error: AppError, status: number, nowMs: number): Record<string, string> {
  if (error.retryAtMs !== undefined)
    return { "Retry-After": String(Math.max(1, Math.ceil((error.retryAtMs - nowMs) / 1000))) };
  return status === 503 || status === 429 ? { "Retry-After": String(defaultRetrySeconds) } : {};
}

/** A refused upload may still be on its way; the connection is not kept for the rest of it. */
const closing = (status: number): Record<string, string> =>
  status === 401 || status === 413 || status === 415 ? { Connection: "close" } : {};
