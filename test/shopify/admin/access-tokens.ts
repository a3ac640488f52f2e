import { createHmac, timingSafeEqual } from "node:crypto";
import { plainText } from "../plain-text.ts";
import { localStaffId, readSessionToken } from "../session-token.ts";

/**
 * Token exchange and refresh as Shopify answers them for a public app: an offline token that ends after an hour, with a
 * refresh token beside it. Tokens carry their end and a signature instead of being remembered, so that an app that kept
 * one in its database may use it after this process has been started again.
 */

export type AccessTokenFacts = { shop: string; apiKey: string; apiSecret: string; scope: string };

type Answer = { status: number; body: Record<string, unknown> };

const offlineLifetimeSeconds = 60 * 60;
const refreshLifetimeSeconds = 90 * 24 * 60 * 60;
const onlineType = "urn:shopify:params:oauth:token-type:online-access-token";
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The answer to `POST /admin/oauth/access_token`. */
export function answerAccessToken(facts: AccessTokenFacts, body: Record<string, unknown>): Answer {
  if (body.client_id !== facts.apiKey || body.client_secret !== facts.apiSecret) {
    return refused("invalid_client", "The client id or the client secret is wrong.");
  }
  switch (body.grant_type) {
    case "urn:ietf:params:oauth:grant-type:token-exchange":
      return exchanged(facts, body);
    case "refresh_token":
      return refreshed(facts, body);
    default:
      return refused("unsupported_grant_type", "This grant type is not known.");
  }
}

const refused = (error: string, description: string): Answer => ({
  status: 400,
  body: { error, error_description: description },
});

function exchanged(facts: AccessTokenFacts, body: Record<string, unknown>): Answer {
  const claims = readSessionToken(plainText(body.subject_token), facts);
  if (claims?.dest !== `https://${facts.shop}`) {
    return refused("invalid_subject_token", "The session token is not valid for this shop.");
  }
  if (body.requested_token_type === onlineType) return { status: 200, body: onlineToken(facts) };
  return { status: 200, body: offlineToken(facts, body.expiring === "1") };
}

function refreshed(facts: AccessTokenFacts, body: Record<string, unknown>): Answer {
  const isGood = isTokenOf("shprt", plainText(body.refresh_token), facts);
  if (!isGood) return refused("invalid_grant", "The refresh token is not valid.");
  return { status: 200, body: offlineToken(facts, true) };
}

function offlineToken(facts: AccessTokenFacts, isExpiring: boolean): Record<string, unknown> {
  const lifetime = isExpiring ? offlineLifetimeSeconds : refreshLifetimeSeconds;
  const token = { access_token: signedToken("shpat", lifetime, facts), scope: facts.scope };
  if (!isExpiring) return token;
  return {
    ...token,
    expires_in: offlineLifetimeSeconds,
    refresh_token: signedToken("shprt", refreshLifetimeSeconds, facts),
    refresh_token_expires_in: refreshLifetimeSeconds,
  };
}

const onlineToken = (facts: AccessTokenFacts) => ({
  access_token: signedToken("shpat", 24 * 60 * 60, facts),
  scope: facts.scope,
  expires_in: 24 * 60 * 60,
  associated_user_scope: facts.scope,
  associated_user: { id: Number(localStaffId), account_owner: true, locale: "en", collaborator: false },
});

function signedToken(kind: string, lifetimeSeconds: number, { shop, apiSecret }: AccessTokenFacts): string {
  const text = `${kind}_${(nowSeconds() + lifetimeSeconds).toString(16)}`;
  return `${text}${seal(text, shop, apiSecret)}`;
}

const sealLength = 32;
const seal = (text: string, shop: string, secret: string) =>
  createHmac("sha256", secret).update(`${shop}/${text}`).digest("hex").slice(0, sealLength);

function isTokenOf(kind: string, token: string, { shop, apiSecret }: AccessTokenFacts): boolean {
  const text = token.slice(0, -sealLength);
  const [given, expected] = [token.slice(-sealLength), seal(text, shop, apiSecret)].map((part) => Buffer.from(part));
  if (!given || !expected || given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  return text.startsWith(`${kind}_`) && Number.parseInt(text.slice(kind.length + 1), 16) > nowSeconds();
}

/** Whether the Admin API would take this `X-Shopify-Access-Token`. */
export const isAccessToken = (token: string, facts: AccessTokenFacts) => isTokenOf("shpat", token, facts);
