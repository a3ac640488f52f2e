import type {
  EventJson,
  ForgetAnswer,
  ForgetReceiptJson,
  PhotoAnswer,
  PhotoJson,
  PortraitAnswer,
  PortraitJson,
  PortraitListAnswer,
  PortraitPollAnswer,
  PortraitRequestJson,
  SessionJson,
} from "../../../../app/http/storefront-api.ts";
import type { Surroundings } from "../page/surroundings.ts";
import { isWorthwhile, sendDirectly, type SentPhoto } from "./direct-upload.ts";
import type { Call } from "./storefront-call.ts";
import { createStorefrontSession, type TokenKeeper } from "./storefront-session.ts";

export type StorefrontClient = {
  /** What the studio may offer today. Asked once and shared; `afresh` asks again. */
  session(signal: AbortSignal, afresh?: boolean): Promise<SessionJson>;
  /** False where this shopper is new and has not sent this photo in this visit: asking for it by its hash is in vain. */
  mayKnow(sourceSha256: string): boolean;
  /** By the way that suits its size; `onSent` hears of the slow part of a large one. */
  keepPhoto(photo: SentPhoto): Promise<PhotoJson>;
  askForPortrait(request: PortraitRequestJson, signal: AbortSignal): Promise<PortraitJson>;
  /** The portrait as it is; with `wait`, as soon as its status changes, or after eight seconds. */
  portrait(id: string, options: { wait: boolean }, signal: AbortSignal): Promise<PortraitPollAnswer>;
  cancel(id: string): Promise<void>;
  /** This shopper's portraits in every status, newest first. */
  portraits(signal: AbortSignal): Promise<PortraitJson[]>;
  /** Deletes everything of this shopper that is not part of an order, and says how much that was. */
  forget(signal: AbortSignal): Promise<ForgetReceiptJson>;
  /** Best effort: a count that is lost is lost. */
  tell(event: EventJson): void;
};

const longPollMs = 8000;
const never = new AbortController().signal;

export function createStorefrontClient(base: string, tokens: TokenKeeper, around: Surroundings): StorefrontClient {
  const session = createStorefrontSession(base, tokens, around);
  const sentHashes = new Set<string>();
  const { call } = session;

  return Object.freeze({
    session: session.current,
    mayKnow: (sourceSha256: string) => !session.isNewShopper() || sentHashes.has(sourceSha256),
    async keepPhoto(photo: SentPhoto) {
      const { bytes, sourceSha256, signal } = photo;
      const opened = await session.current(signal);
      const kept = isWorthwhile(opened, bytes) ? await sendDirectly(photo, opened, { call, around }) : null;
      const query = { source_sha256: sourceSha256 };
      const proxied: Call = { method: "POST", path: "photos", query, body: bytes, timeoutMs: 120_000, signal };
      const answered = kept ?? ((await call(proxied)).body as PhotoAnswer).photo;
      if (sourceSha256) sentHashes.add(sourceSha256);
      return answered;
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
    async portraits(signal: AbortSignal) {
      return ((await call({ method: "GET", path: "portraits", signal })).body as PortraitListAnswer).portraits;
    },
    async forget(signal: AbortSignal) {
      const answer = await call({ method: "DELETE", path: "photos", timeoutMs: 60_000, signal });
      // What was sent is gone: the next photo has to be sent again, however well its hash is known here.
      sentHashes.clear();
      return (answer.body as ForgetAnswer).receipt;
    },
    tell(event: EventJson) {
      call({ method: "POST", path: "events", body: event, signal: never }).catch(() => {});
    },
  });
}
