import { AppError, isAppError } from "#app/kernel/errors.ts";
import type { Shopper } from "#app/kernel/shopper.ts";
import type { House } from "#app/house.ts";
import { verifyProxyQuery, type ProxyCall } from "./app-proxy.ts";
import { addressSubject, clientAddress } from "./client-address.ts";
import { answerAndHangUp } from "./hang-up.ts";
import { errorResponse, json } from "./respond.ts";

/**
 * What every door of the storefront API does first and last: the signature before anything else, whatever the method;
 * then who is asking; and at the end one plain answer, whatever was thrown.
 */
export type StorefrontCall = ProxyCall & { shopper: Shopper; method: string; path: string };

export async function storefrontDoor(
  house: House,
  request: Request,
  work: (call: StorefrontCall) => Promise<Response>,
): Promise<Response> {
  return guarded(house, request, async () => {
    const call = verify(house, request);
    const sessionId = house.sessions.read(call.shop, call.session);
    return work({ ...call, shopper: shopperOf(house, request, { call, sessionId }), ...placeOf(request) });
  });
}

/**
 * A door to new work that costs: while the process cannot keep up, it is closed, so that who has work under way is still
 * told how it stands, and may cancel or forget.
 */
export function costlyDoor(
  house: House,
  request: Request,
  work: (call: StorefrontCall) => Promise<Response>,
): Promise<Response> {
  return storefrontDoor(house, request, async (call) => {
    if (house.isOverloaded()) throw overloaded();
    return work(call);
  });
}

/** The one door that a browser can come to without a session: it is where it gets one. */
export async function sessionDoor(
  house: House,
  request: Request,
  work: (call: StorefrontCall, token: string) => Promise<Response>,
): Promise<Response> {
  return guarded(house, request, async () => {
    const call = verify(house, request);
    const token = renewOrIssue(house, call);
    const sessionId = house.sessions.read(call.shop, token);
    return work({ ...call, shopper: shopperOf(house, request, { call, sessionId }), ...placeOf(request) }, token);
  });
}

/** For addresses and methods that there are not: still nothing is said to a request that is not signed. */
export async function closedDoor(house: House, request: Request, status: 404 | 405): Promise<Response> {
  return guarded(house, request, async () => {
    verify(house, request);
    const code = status === 404 ? "not_found" : "method_not_allowed";
    return json({ error: { code, message: "There is nothing at this address." } }, { status });
  });
}

async function guarded(house: House, request: Request, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (thrown) {
    const answer = errorResponse(thrown, { log: house.log, nowMs: house.clock.nowMs() });
    // What was refused before it was read is still on its way. Who does not even sign has no answer to wait for.
    const unread = answer.status === 401 ? null : unreadBody(request);
    return unread === null ? answer : answerAndHangUp(answer, unread);
  }
}

const unreadBody = (request: Request): ReadableStream<Uint8Array> | null =>
  ["GET", "HEAD"].includes(request.method) || request.bodyUsed ? null : request.body;

function verify(house: House, request: Request): ProxyCall {
  const at = request.url.indexOf("?");
  const query = at === -1 ? "" : request.url.slice(at + 1);
  return verifyProxyQuery(query, { secrets: [house.config.shopify.apiSecret], nowMs: house.clock.nowMs() });
}

function renewOrIssue(house: House, call: ProxyCall): string {
  if (call.session === null) return house.sessions.issue(call.shop);
  try {
    return house.sessions.renew(call.shop, house.sessions.read(call.shop, call.session));
  } catch (error) {
    if (isAppError(error)) return house.sessions.issue(call.shop);
    throw error;
  }
}

function shopperOf(
  house: House,
  request: Request,
  { call, sessionId }: { call: ProxyCall; sessionId: string },
): Shopper {
  const address = clientAddress(request.headers.get("X-Forwarded-For"), house.config.forwardedHops);
  return {
    shop: call.shop,
    customer: call.customerId === null ? null : `c:${call.customerId}`,
    session: `s:${sessionId}`,
    address: addressSubject(address, house.config.shopify.apiSecret),
  };
}

function placeOf(request: Request): { method: string; path: string } {
  return { method: request.method, path: new URL(request.url).pathname };
}

const overloaded = (): AppError =>
  new AppError({
    code: "busy",
    kind: "unavailable",
    publicMessage: "We are very busy at this moment. Please try again in a few seconds.",
    message: "the event loop is late",
  });

export const notOffered = (): AppError =>
  new AppError({
    code: "not_offered",
    kind: "not-found",
    publicMessage: "Photos are sent another way here. Please reload the page.",
  });
