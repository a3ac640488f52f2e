import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Fault } from "./faults.ts";

/** How answers leave the fake: as they should, or in one of the ways in which they do not. */
const statusNames: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

export function sendError(
  response: ServerResponse,
  {
    status,
    message,
    reason,
    details = [],
  }: { status: number; message: string; reason?: string | undefined; details?: unknown[] },
): void {
  const info =
    reason === undefined
      ? []
      : [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" }];
  const error = { code: status, message, status: statusNames[status] ?? "UNKNOWN", details: [...info, ...details] };
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=UTF-8");
  response.end(JSON.stringify({ error }));
}

type StatusFault = Extract<Fault, { kind: "status" | "trickle" | "flood" }>;

export async function sendStatus(response: ServerResponse, fault: StatusFault, signal: AbortSignal): Promise<void> {
  if (fault.kind === "trickle") return trickle(response, fault, signal);
  if (fault.kind === "flood") return flood(response, fault, signal);
  for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
  if (fault.body !== undefined) {
    response.statusCode = fault.status;
    response.setHeader("content-type", fault.headers?.["content-type"] ?? "text/html");
    return void response.end(fault.body);
  }
  const limit = fault.status === 429 ? limits[fault.limit ?? "rate"] : undefined;
  const retry = fault.retryInfo && { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: fault.retryInfo };
  const details = [...(limit?.details ?? []), ...(retry ? [retry] : [])];
  sendError(response, {
    status: fault.status,
    message: fault.message ?? limit?.message ?? "The fake was told to answer so.",
    reason: fault.reason,
    details,
  });
}

const exceeded =
  "You exceeded your current quota, please check your plan and billing details. For more information on this error, " +
  "head to: https://ai.google.dev/gemini-api/docs/rate-limits.";
const quota = (quotaId: string) => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ quotaMetric: "generativelanguage.googleapis.com/generate_requests_per_model", quotaId }],
});

/** Bodies as public threads show them. */
const limits = {
  rate: { message: exceeded, details: [quota("GenerateRequestsPerMinutePerProjectPerModel")] },
  day: { message: exceeded, details: [quota("GenerateRequestsPerDayPerProjectPerModel")] },
  spend: { message: "Your project has exceeded its monthly spending cap. Please go to AI Studio.", details: [] },
};

export async function sendMade(
  response: ServerResponse,
  { answer, fault, signal }: { answer: Record<string, unknown>; fault: Fault | undefined; signal: AbortSignal },
): Promise<void> {
  if (fault?.kind === "reset") return void response.socket?.resetAndDestroy();
  if (fault?.kind === "trickle") return trickle(response, fault, signal);
  if (fault?.kind === "flood") return flood(response, fault, signal);
  response.setHeader("content-type", "application/json; charset=UTF-8");
  response.setHeader("server-timing", "gfet4t7; dur=1");
  if (fault?.kind === "body") {
    for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
    return void response.end(fault.body);
  }
  const changed = fault?.kind === "answer" ? fault.change(answer) : answer;
  if (fault?.kind === "usage") answer.usageMetadata = fault.change(answer.usageMetadata as Record<string, unknown>);
  const bytes = Buffer.from(JSON.stringify(changed));
  if (fault?.kind !== "cut") return void response.end(bytes);
  response.setHeader("content-length", bytes.length);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.resetAndDestroy());
}

/** A picture's beginning that never ends. */
const beginning = '{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"';

async function trickle(
  response: ServerResponse,
  { everyMs, status = 200 }: Extract<Fault, { kind: "trickle" }>,
  signal: AbortSignal,
): Promise<void> {
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=UTF-8");
  response.write(beginning);
  const timer = setInterval(() => response.write("A"), everyMs);
  await Promise.race([once(response, "close"), new Promise((resolve) => signal.addEventListener("abort", resolve))]);
  clearInterval(timer);
}

async function flood(
  response: ServerResponse,
  { bytes, announced = false, status = 200 }: Extract<Fault, { kind: "flood" }>,
  signal: AbortSignal,
): Promise<void> {
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=UTF-8");
  if (announced) response.setHeader("content-length", bytes);
  response.write(beginning);
  const chunk = Buffer.alloc(64 * 1024, "A");
  const gone = once(response, "close");
  for (let sent = beginning.length; sent < bytes && !response.destroyed && !signal.aborted; sent += chunk.length)
    if (!response.write(chunk)) await Promise.race([once(response, "drain"), gone]);
  response.destroy();
}
