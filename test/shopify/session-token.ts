import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/**
 * The tokens of the admin: session tokens (a JWT that App Bridge gives the framed app) and the signed query that opens
 * the frame. They are real, made with the app's secret, so that the real library checks them.
 */

export type SessionTokenOptions = {
  shop: string;
  apiKey: string;
  apiSecret: string;
  /** The staff member's id. */
  userId?: string;
  nowSeconds?: number;
  /** Shopify's live for a minute. */
  lifetimeSeconds?: number;
};

export type SessionTokenClaims = {
  iss: string;
  dest: string;
  aud: string;
  sub: string;
  exp: number;
  nbf: number;
  iat: number;
  jti: string;
  sid: string;
};

export const localStaffId = "9001";

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = (text: string, secret: string) => createHmac("sha256", secret).update(text).digest();

/** A session token (HS256) for the shop's staff. */
export function mintSessionToken(options: SessionTokenOptions): string {
  const now = options.nowSeconds ?? Math.floor(Date.now() / 1000);
  const sub = options.userId ?? localStaffId;
  const claims: SessionTokenClaims = {
    iss: `https://${options.shop}/admin`,
    dest: `https://${options.shop}`,
    aud: options.apiKey,
    sub,
    exp: now + (options.lifetimeSeconds ?? 60),
    nbf: now,
    iat: now,
    jti: randomUUID(),
    sid: createHmac("sha256", options.apiSecret).update(`${options.shop}/${sub}`).digest("hex"),
  };
  const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${text}.${signature(text, options.apiSecret).toString("base64url")}`;
}

/** What a session token says, or undefined when it is forged, expired or not for this app. */
export function readSessionToken(
  token: string,
  { apiKey, apiSecret, nowSeconds }: Pick<SessionTokenOptions, "apiKey" | "apiSecret" | "nowSeconds">,
): SessionTokenClaims | undefined {
  const [header = "", payload = "", signed = ""] = token.split(".");
  const given = Buffer.from(signed, "base64url");
  const expected = signature(`${header}.${payload}`, apiSecret);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as SessionTokenClaims;
  const now = nowSeconds ?? Math.floor(Date.now() / 1000);
  return claims.aud === apiKey && claims.exp > now && claims.nbf <= now ? claims : undefined;
}

/** The `hmac` of an admin query: sorted `key=value` joined with `&`, without `hmac` itself. */
export function signAdminQuery(params: URLSearchParams, secret: string): string {
  const sorted = [...params].filter(([key]) => key !== "hmac").sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha256", secret).update(new URLSearchParams(sorted).toString()).digest("hex");
}

/** `admin.shopify.com/store/<name>` in base64, as the framed app gets it. */
export function hostParameter(shop: string): string {
  return Buffer.from(`admin.shopify.com/store/${shop.replace(/\.myshopify\.com$/, "")}`)
    .toString("base64")
    .replace(/=+$/, "");
}
