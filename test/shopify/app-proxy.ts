import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { defaultPathPrefix, signedProxyQuery } from "./app-proxy-signature.ts";
import { pour } from "./pour-body.ts";

/**
 * The app proxy: a shopper's request to the shop's own address, signed and carried on to the app. It is written on
 * node:http and not on fetch, because a proxy that unpacks, repeats or invents headers would hide what the app does.
 */

export type AppProxy = {
  appUrl: string;
  shop: string;
  secret: string;
  timeoutMs: number;
};

export type ProxiedRequest = {
  method: string;
  /** Path and query as they arrived, for example `/apps/pet-portraits/session?a=1`. */
  target: string;
  headers: Headers;
  body: Readable;
  customerId: string;
  clientAddress: string;
};

/** Shopify's own list, and what belongs to one connection only. */
const strippedFromAnswers = new Set(
  (
    "accept-patch accept-ranges connection cookie date delta-base im p3p pragma preference-applied proxy-authenticate " +
    "public-key-pins server service-worker-allowed set-cookie trailer tk warning x-powered-by " +
    "keep-alive transfer-encoding upgrade"
  ).split(" "),
);
const strippedFromRequests = new Set(
  "cookie host connection keep-alive transfer-encoding upgrade te trailer expect proxy-authorization".split(" "),
);
const mostRedirects = 5;

/** Carries one request to the app and its answer back; 502 when the app is not there, 504 when it takes too long. */
export async function forwardToApp(proxy: AppProxy, asked: ProxiedRequest): Promise<Response> {
  const deadline = AbortSignal.timeout(proxy.timeoutMs);
  try {
    return answerOf(await followed(proxy, asked, deadline), asked.method);
  } catch (error) {
    if (deadline.aborted) return sorry(504, "The app did not answer in time.");
    if (error instanceof RedirectError) return sorry(502, error.message);
    return sorry(502, "The app cannot be reached.");
  }
}

class RedirectError extends Error {
  override readonly name = "RedirectError";
}

async function followed(proxy: AppProxy, asked: ProxiedRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = forwardedHeaders(proxy, asked);
  let url = appAddress(proxy, asked);
  let method = asked.method;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const body = hops === 0 && hasBody(asked) ? asked.body : undefined;
    const answer = await send({ url, method, headers, body, signal });
    const next = redirectTarget(answer, url);
    if (next === undefined) return answer;
    answer.resume();
    if (keepsMethod(answer) && hasBody(asked)) throw new RedirectError("A redirect cannot send the body again.");
    if (!keepsMethod(answer) && method !== "HEAD") method = "GET";
    for (const name of ["content-length", "content-type"]) delete headers[name];
    url = next;
  }
  throw new RedirectError("The app redirects in circles.");
}

function appAddress(proxy: AppProxy, asked: ProxiedRequest): URL {
  const [path = "", query = ""] = splitOnce(asked.target, "?");
  const below = path.slice(defaultPathPrefix.length);
  const identity = { shop: proxy.shop, customerId: asked.customerId };
  return new URL(`${proxy.appUrl}/proxy${below}?${signedProxyQuery(query, identity, proxy.secret)}`);
}

const splitOnce = (text: string, mark: string) => {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

function forwardedHeaders(proxy: AppProxy, asked: ProxiedRequest): Record<string, string> {
  const kept = [...asked.headers].filter(([name]) => !strippedFromRequests.has(name));
  return {
    ...Object.fromEntries(kept),
    // What a browser claims about its own way here is not passed on as if Shopify had seen it.
    "x-forwarded-for": asked.clientAddress,
    "x-forwarded-host": proxy.shop,
    "x-forwarded-proto": "https",
  };
}

const hasBody = (asked: ProxiedRequest) =>
  asked.headers.has("transfer-encoding") || Number(asked.headers.get("content-length") ?? 0) > 0;
const keepsMethod = (answer: IncomingMessage) => answer.statusCode === 307 || answer.statusCode === 308;

function redirectTarget(answer: IncomingMessage, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0)) return undefined;
  const { location } = answer.headers;
  return location === undefined ? undefined : new URL(location, from);
}

type Sent = {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Readable | undefined;
  signal: AbortSignal;
};

function send({ url, method, headers, body, signal }: Sent): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, signal, agent: false });
    outgoing.once("response", resolve);
    // Not once: a way that closes after an early answer fails again, and must not take the process down.
    outgoing.on("error", reject);
    if (body === undefined) outgoing.end();
    // A shopper who left in the middle of an upload takes the app's request along.
    else pour(body, outgoing).catch((error: Error) => outgoing.destroy(error));
  });
}

function answerOf(answer: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (strippedFromAnswers.has(name)) continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = answer.statusCode ?? 502;
  const isBare = method === "HEAD" || [204, 205, 304].includes(status);
  if (isBare) answer.resume();
  const body = isBare ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}

const sorry = (status: number, text: string) =>
  new Response(`${text}\n`, { status, headers: { "Content-Type": "text/plain; charset=utf-8" } });
