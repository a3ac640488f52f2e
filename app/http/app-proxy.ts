import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "#app/kernel/errors.ts";

/**
 * Shopify's app-proxy signature, read strictly. What Shopify signs is every `name=value` of the query, sorted and joined
 * with nothing in between, so the same signature fits other ways of slicing the same text: a value that carries
 * `shop=victim` in itself would do. Therefore nothing is accepted that could be sliced in two ways: names from a closed
 * list, each once, and no `=` in any value. The library checks less; see docs/decisions.
 *
 * @see https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies
 */
export type ProxyCall = {
  shop: string;
  /** The signed customer, or null for a guest. */
  customerId: string | null;
  pathPrefix: string;
  /** Our own parameters, as the storefront contract names them. */
  session: string | null;
  key: string | null;
  waitMs: number;
  sourceSha256: string | null;
};

const toleranceMs = 90_000;

const signedByShopify = {
  shop: /^[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com$/,
  timestamp: /^\d{10}$/,
  path_prefix: /^\/[a-z]{1,16}\/[A-Za-z0-9_-]{1,60}$/,
  logged_in_customer_id: /^\d{0,20}$/,
  signature: /^[0-9a-f]{64}$/,
} as const;

const ourOwn = {
  session: /^[A-Za-z0-9._-]{1,400}$/,
  key: /^[A-Za-z0-9_-]{16,64}$/,
  wait_ms: /^\d{1,5}$/,
  source_sha256: /^[0-9a-f]{64}$/,
} as const;

/** Longest poll that the contract allows, milliseconds. */
const longestWaitMs = 8_000;

/**
 * @param query - the raw query, without `?`, exactly as it came
 * @param secrets - the app's secrets: the one in use and, for an hour after a rotation, the one before
 * @throws AppError `unsigned`, the same for everything that is wrong: a forger learns nothing
 */
export function verifyProxyQuery(
  query: string,
  { secrets, nowMs }: { secrets: readonly string[]; nowMs: number },
): ProxyCall {
  const values = readClosedList(query);
  if (values === undefined) throw unsigned();
  const required = Object.keys(signedByShopify) as (keyof typeof signedByShopify)[];
  if (required.some((name) => values.get(name) === undefined)) throw unsigned();
  const text = (name: keyof typeof signedByShopify): string => values.get(name) ?? "";
  if (Math.abs(nowMs - Number(text("timestamp")) * 1000) > toleranceMs) throw unsigned();
  if (!secrets.some((secret) => isSigned(values, text("signature"), secret))) throw unsigned();
  return {
    shop: text("shop"),
    customerId: text("logged_in_customer_id") || null,
    pathPrefix: text("path_prefix"),
    session: values.get("session") ?? null,
    key: values.get("key") ?? null,
    waitMs: Math.min(longestWaitMs, Number(values.get("wait_ms") ?? 0)),
    sourceSha256: values.get("source_sha256") ?? null,
  };
}

/** @returns undefined when a name is not on the list, comes twice, or has a value of another form */
function readClosedList(query: string): Map<string, string> | undefined {
  const forms: Record<string, RegExp | undefined> = { ...signedByShopify, ...ourOwn };
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
    if (form === undefined || values.has(name) || !form.test(value)) return undefined;
    values.set(name, value);
  }
  return values;
}

function isSigned(values: Map<string, string>, signature: string, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(signedText(values)).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}

/** The text that Shopify signs: a name that comes twice would stand in it once, with its values joined by a comma. */
export function signedText(values: Iterable<readonly [string, string]>): string {
  const pairs = [...values].filter(([name]) => name !== "signature").map(([name, value]) => `${name}=${value}`);
  return pairs.sort().join("");
}

export const unsigned = (): AppError =>
  new AppError({
    code: "unsigned",
    kind: "unsigned",
    publicMessage: "This address only answers to a shop's own pages.",
  });
