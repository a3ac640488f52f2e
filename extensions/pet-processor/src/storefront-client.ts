import type {
  EventJson,
  PhotoAnswer,
  PhotoJson,
  PortraitAnswer,
  PortraitJson,
  PortraitPollAnswer,
  PortraitRequestJson,
  SessionJson,
} from "../../../app/http/storefront-api.ts";
import { callStorefront, type Answer, type Call } from "./storefront-call.ts";
import { StorefrontFault } from "./storefront-fault.ts";
import type { Surroundings } from "./surroundings.ts";

export type StorefrontClient = {
  /** What the studio may offer today. Asked once and shared; `afresh` asks again. */
  session(signal: AbortSignal, afresh?: boolean): Promise<SessionJson>;
  /** False where this shopper is new and has not sent this photo in this visit: asking for it by its hash is in vain. */
  mayKnow(sourceSha256: string): boolean;
  keepPhoto(bytes: Blob, sourceSha256: string | null, signal: AbortSignal): Promise<PhotoJson>;
  askForPortrait(request: PortraitRequestJson, signal: AbortSignal): Promise<PortraitJson>;
  /** The portrait as it is; with `wait`, as soon as its status changes, or after eight seconds. */
  portrait(id: string, options: { wait: boolean }, signal: AbortSignal): Promise<PortraitPollAnswer>;
  cancel(id: string): Promise<void>;
  /** Best effort: a count that is lost is lost. */
  tell(event: EventJson): void;
};

export type TokenKeeper = { session(): string | null; keepSession(token: string | null): void };

const longPollMs = 8000;
const never = new AbortController().signal;

export function createStorefrontClient(base: string, tokens: TokenKeeper, around: Surroundings): StorefrontClient {
  let opened: Promise<SessionJson> | null = null;
  let isOpening = false;
  let isNewShopper = false;
  const sentHashes = new Set<string>();

  async function ask(token: string | null): Promise<SessionJson> {
    const call: Call = { method: "GET", path: "session", query: { session: token }, signal: never };
    const session = (await callStorefront(base, call, around)).body as SessionJson;
    isNewShopper = token === null && !session.customer;
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

  async function session(signal: AbortSignal, afresh = false): Promise<SessionJson> {
    const answer = await (afresh || !opened ? open(tokens.session()) : opened);
    signal.throwIfAborted();
    return answer;
  }

  /** Renews a session that has run out once, then says what the server says. */
  async function call(request: Call): Promise<Answer> {
    if (!tokens.session()) await session(request.signal);
    const send = () =>
      callStorefront(base, { ...request, query: { ...request.query, session: tokens.session() } }, around);
    const used = tokens.session();
    try {
      return await send();
    } catch (fault) {
      if (!isSessionRequired(fault)) throw fault;
      // Another tab may have renewed it already.
      if (tokens.session() === used) await open(null);
      return send();
    }
  }

  return Object.freeze({
    session,
    mayKnow: (sourceSha256: string) => !isNewShopper || sentHashes.has(sourceSha256),
    async keepPhoto(bytes: Blob, sourceSha256: string | null, signal: AbortSignal) {
      const query = { source_sha256: sourceSha256 };
      const answer = await call({ method: "POST", path: "photos", query, body: bytes, timeoutMs: 120_000, signal });
      if (sourceSha256) sentHashes.add(sourceSha256);
      return (answer.body as PhotoAnswer).photo;
    },
    async askForPortrait(request: PortraitRequestJson, signal: AbortSignal) {
      const answer = await call({ method: "POST", path: "portraits", body: request, signal });
      return (answer.body as PortraitAnswer).portrait;
    },
    async portrait(id: string, { wait }: { wait: boolean }, signal: AbortSignal) {
      const query = { wait_ms: wait ? String(longPollMs) : null };
      const timeoutMs = longPollMs + 10_000;
      const answer = await call({ method: "GET", path: `portraits/${id}`, query, timeoutMs, signal });
      return answer.body as PortraitPollAnswer;
    },
    async cancel(id: string) {
      await call({ method: "DELETE", path: `portraits/${id}`, signal: never });
    },
    tell(event: EventJson) {
      call({ method: "POST", path: "events", body: event, signal: never }).catch(() => {});
    },
  });
}

function isSessionRequired(fault: unknown): boolean {
  return fault instanceof StorefrontFault && fault.status === 401;
}
