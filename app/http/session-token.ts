import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "#app/kernel/errors.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Ids } from "#app/kernel/ids.ts";

/**
 * The token that stands for a browser: a session id, its end and our signature over both and the shop. Cookies do not
 * pass Shopify's proxy, and an id that a browser invents would be a fresh quota for the asking.
 */
export type SessionTokens = {
  issue(shop: string): string;
  /** The same session with a new end. */
  renew(shop: string, sessionId: string): string;
  /** @throws AppError `session_required` when it is missing, forged, expired or another shop's */
  read(shop: string, token: string | null): string;
};

const lifetimeMs = 7 * 24 * 60 * 60 * 1000;
const form = /^v1\.(ses_[A-Za-z0-9_-]{22})\.(\d{10})\.([A-Za-z0-9_-]{43})$/;

/** @param secrets - the first one signs; all of them are accepted, so that a rotation ends nobody's session */
export function createSessionTokens({
  secrets,
  clock,
  ids,
}: {
  secrets: readonly string[];
  clock: Clock;
  ids: Ids;
}): SessionTokens {
  const sign = (secret: string, shop: string, id: string, end: string): Buffer =>
    createHmac("sha256", secret).update(`storefront-session\n${shop}\n${id}\n${end}`).digest();

  const renew = (shop: string, id: string): string => {
    const end = String(Math.floor((clock.nowMs() + lifetimeMs) / 1000));
    return `v1.${id}.${end}.${sign(secrets[0] ?? "", shop, id, end).toString("base64url")}`;
  };

  return Object.freeze({
    issue: (shop: string) => renew(shop, ids.next("ses")),
    renew,
    read(shop: string, token: string | null) {
      const [, id, end, signature] = form.exec(token ?? "") ?? [];
      if (id === undefined || end === undefined || signature === undefined) throw sessionRequired();
      const given = Buffer.from(signature, "base64url");
      if (!secrets.some((secret) => timingSafeEqual(sign(secret, shop, id, end), given))) throw sessionRequired();
      if (Number(end) * 1000 <= clock.nowMs()) throw sessionRequired();
      return id;
    },
  });
}

const sessionRequired = (): AppError =>
  new AppError({
    code: "session_required",
    kind: "unsigned",
    publicMessage: "Your visit has timed out. Please try once more.",
  });
