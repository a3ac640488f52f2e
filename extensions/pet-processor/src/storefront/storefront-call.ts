import type { ErrorAnswer } from "../../../../app/http/storefront-api.ts";
import type { Surroundings } from "../page/surroundings.ts";
import { StorefrontFault } from "./storefront-fault.ts";

export type Call = {
  method: "GET" | "POST" | "DELETE";
  path: string;
  /** Only `session`, `key`, `wait_ms` and `source_sha256`: other names are refused where the query is signed. */
  query?: Record<string, string | null>;
  body?: Blob | object;
  timeoutMs?: number;
  signal: AbortSignal;
};

export type Answer = { status: number; body: unknown };

const timeoutMs = 30_000;
/** Waited before each try after the first. */
const backoffMs = [600, 1800, 5000];
/** A busy server that names a short wait gets one more call before the shopper hears of it. */
const longestPoliteWaitMs = 8000;

/**
 * One call and its repetitions. No answer (the network, or the shop's proxy giving up) is repeated with the **same** key,
 * since we cannot know whether the server acted. A 503 of our server's own acted on nothing: it is repeated once, under a
 * new key, after the `Retry-After` that it asks for. Everything else that it refuses is final and thrown.
 */
export async function callStorefront(base: string, call: Call, around: Surroundings): Promise<Answer> {
  let key = call.method === "POST" ? around.newKey() : null;
  let silent = 0;
  let refusedBusy = false;
  for (;;) {
    const answer = await once(base, { ...call, query: { ...call.query, key } }, around);
    if (answer === "no answer") {
      const wait = backoffMs[silent];
      silent += 1;
      if (wait === undefined || around.isOffline()) throw noAnswer(around);
      await around.wait(wait * (0.75 + around.random() / 2), call.signal);
      continue;
    }
    if (answer.status < 400) return answer;
    const fault = faultOf(answer, around);
    if (answer.status !== 503 || refusedBusy || answer.retryAfterMs === null) throw fault;
    if (answer.retryAfterMs > longestPoliteWaitMs || fault.code === "budget_spent") throw fault;
    refusedBusy = true;
    await around.wait(answer.retryAfterMs, call.signal);
    key = call.method === "POST" ? around.newKey() : null;
  }
}

type Heard = Answer & { retryAfterMs: number | null };

async function once(base: string, call: Call, around: Surroundings): Promise<Heard | "no answer"> {
  const isBytes = call.body instanceof Blob;
  const init: RequestInit = { method: call.method, credentials: "same-origin", cache: "no-store" };
  const deadline = withDeadline(call.signal, call.timeoutMs ?? timeoutMs);
  init.signal = deadline.signal;
  if (call.body) {
    init.body = isBytes ? (call.body as Blob) : JSON.stringify(call.body);
    init.headers = { "content-type": isBytes ? "application/octet-stream" : "application/json" };
  }
  try {
    const response = await around.fetch(`${base}/${call.path}${queryOf(call.query)}`, init);
    const retryAfterMs = secondsAsMs(response.headers.get("retry-after"));
    if (response.status === 204) return { status: 204, body: null, retryAfterMs };
    // A page of HTML with a 4xx is a refusal on the way to us; as any other answer it is no answer of ours.
    const isRefusal = response.status >= 400 && response.status < 500;
    const body: unknown = isRefusal ? await response.json().catch(() => null) : await response.json();
    return response.status < 500 || isOurs(body) ? { status: response.status, body, retryAfterMs } : "no answer";
  } catch {
    // The shopper's own cancelling is theirs to handle; everything else (a page of HTML included) is silence.
    call.signal.throwIfAborted();
    return "no answer";
  } finally {
    deadline.clear();
  }
}

/** `AbortSignal.any` and `.timeout` are younger than the phones that shoppers have. */
function withDeadline(signal: AbortSignal, ms: number): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ms);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  const clear = () => (clearTimeout(timer), signal.removeEventListener("abort", abort));
  return { signal: controller.signal, clear };
}

function queryOf(query: Call["query"]): string {
  const given = Object.entries(query ?? {}).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

function isOurs(body: unknown): body is ErrorAnswer {
  return typeof (body as Partial<ErrorAnswer> | null)?.error?.code === "string";
}

function faultOf({ status, body, retryAfterMs }: Heard, around: Surroundings): StorefrontFault {
  if (!isOurs(body)) return new StorefrontFault({ code: "unknown", status });
  const { code, message, retry_at: saidAt } = body.error;
  const retryAt = saidAt ?? (retryAfterMs === null ? null : new Date(around.now() + retryAfterMs).toISOString());
  return new StorefrontFault({ code, sentence: message ?? null, status, retryAt });
}

function noAnswer(around: Surroundings): StorefrontFault {
  return new StorefrontFault({ code: around.isOffline() ? "offline" : "network" });
}

function secondsAsMs(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
