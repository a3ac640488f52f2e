import type { SessionJson } from "../../../../app/http/storefront-api.ts";
import type { Surroundings } from "../page/surroundings.ts";
import { callStorefront, type Answer, type Call } from "./storefront-call.ts";
import { StorefrontFault } from "./storefront-fault.ts";

export type TokenKeeper = { session(): string | null; keepSession(token: string | null): void };

export type StorefrontSession = {
  /** What the server said when the session was opened; `afresh` asks again. */
  current(signal: AbortSignal, afresh?: boolean): Promise<SessionJson>;
  /** A call as this shopper. A session that has run out is renewed once; then the server has the word. */
  call(request: Call): Promise<Answer>;
  /** True where the server has just met this shopper, and so can have none of their photos. */
  isNewShopper(): boolean;
};

const never = new AbortController().signal;

export function createStorefrontSession(base: string, tokens: TokenKeeper, around: Surroundings): StorefrontSession {
  let opened: Promise<SessionJson> | null = null;
  let isOpening = false;
  let isNew = false;

  async function ask(token: string | null): Promise<SessionJson> {
    const call: Call = { method: "GET", path: "session", query: { session: token }, signal: never };
    const session = (await callStorefront(base, call, around)).body as SessionJson;
    isNew = token === null && !session.customer;
    return session;
  }

  /** One at a time: two that miss a session at once must not become two shoppers. */
  function open(token: string | null): Promise<SessionJson> {
    if (opened && isOpening) return opened;
    isOpening = true;
    // A token that has run out may be refused even here; then we are a new shopper.
    const asked = ask(token).catch((fault: unknown) => {
      if (!token || !isSessionRequired(fault)) throw fault;
      return ask(null);
    });
    opened = asked.then((session) => (tokens.keepSession(session.session), session)).finally(() => (isOpening = false));
    opened.catch(() => (opened = null));
    return opened;
  }

  async function current(signal: AbortSignal, afresh = false): Promise<SessionJson> {
    const session = await (afresh || !opened ? open(tokens.session()) : opened);
    signal.throwIfAborted();
    return session;
  }

  async function call(request: Call): Promise<Answer> {
    if (!tokens.session()) await current(request.signal);
    const used = tokens.session();
    const send = () =>
      callStorefront(base, { ...request, query: { ...request.query, session: tokens.session() } }, around);
    return send().catch(async (fault: unknown) => {
      if (!isSessionRequired(fault)) throw fault;
      // Another tab may have renewed it already.
      if (tokens.session() === used) await open(null);
      return send();
    });
  }

  return Object.freeze({ current, call, isNewShopper: () => isNew });
}

function isSessionRequired(fault: unknown): boolean {
  return fault instanceof StorefrontFault && fault.status === 401;
}
