import { createHmac } from "node:crypto";
import type { PortraitJson, PortraitPollAnswer, QuotaJson, SessionJson } from "#app/http/storefront-api.ts";

/**
 * A shopper's browser behind Shopify's proxy: builds *valid* signed calls, so that each test breaks exactly one thing.
 */
export type ProxyQuery = Record<string, string>;

/** Signs what Shopify would sign. */
export const testSecret = "test-secret";

export const testShop = "paws-and-paper.myshopify.com";

/** Signs a query as Shopify does; `overrides` with undefined leave a parameter out. */
export function signedQuery(overrides: Record<string, string | undefined> = {}, secret = testSecret): string {
  const values: Record<string, string | undefined> = {
    shop: testShop,
    logged_in_customer_id: "",
    path_prefix: "/apps/pet-portraits",
    timestamp: String(Math.floor(Date.now() / 1000)),
    ...overrides,
  };
  const pairs = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const text = pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("");
  const signature = createHmac("sha256", secret).update(text).digest("hex");
  return new URLSearchParams([...pairs, ["signature", signature]]).toString();
}

export type Answer<T = unknown> = { status: number; body: T; headers: Headers };

export type TestShopper = {
  session: SessionJson;
  /** The quota as the next answer would show it. */
  quota(): Promise<QuotaJson>;
  call<T = unknown>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  give(photo: Uint8Array, query?: Record<string, string>): Promise<string>;
  ask(
    photoId: string,
    wish?: Record<string, unknown>,
    query?: Record<string, string>,
  ): Promise<Answer<{ portrait: PortraitJson }>>;
  /** Polls until the portrait is no longer being made. */
  wait(id: string): Promise<PortraitJson>;
};

export type CallOptions = {
  query?: Record<string, string | undefined>;
  body?: unknown;
  address?: string;
  headers?: Record<string, string>;
};

export async function comeAsShopper(
  url: string,
  who: {
    customer?: string;
    shop?: string;
    address?: string;
    secret?: string;
    /** Of a visit before; a new one is begun without it. */
    session?: string;
    /** The time that Shopify signs; now where it is not given. */
    nowMs?: () => number;
  } = {},
): Promise<TestShopper> {
  const identity = { logged_in_customer_id: who.customer ?? "", shop: who.shop ?? testShop };
  let token = who.session;
  const call = async <T>(
    method: string,
    path: string,
    { query = {}, body, headers = {} }: CallOptions = {},
  ): Promise<Answer<T>> => {
    const timestamp = who.nowMs === undefined ? {} : { timestamp: String(Math.floor(who.nowMs() / 1000)) };
    const signed = signedQuery({ ...identity, ...timestamp, session: token, ...query }, who.secret);
    const response = await fetch(`${url}/proxy/${path}?${signed}`, {
      method,
      headers: { "X-Forwarded-For": who.address ?? "203.0.113.7", ...headers },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === "" ? null : JSON.parse(text)) as T };
  };
  const session = await call<SessionJson>("GET", "session");
  if (session.status !== 200) throw new Error(`no session: ${session.status} ${JSON.stringify(session.body)}`);
  token = session.body.session;

  const ask: TestShopper["ask"] = (photoId, wish = {}, query = {}) =>
    call("POST", "portraits", { query, body: { photos: [{ id: photoId }], style: "ink_wash", ...wish } });
  return {
    session: session.body,
    async quota() {
      const { quota } = (await call<SessionJson>("GET", "session")).body;
      if (quota === null) throw new Error("the quota cannot be read");
      return quota;
    },
    call,
    ask,
    async give(photo, query = {}) {
      const { status, body } = await call<{ photo: { id: string } }>("POST", "photos", { query, body: photo });
      if (status !== 201 && status !== 200) throw new Error(`photo refused: ${status} ${JSON.stringify(body)}`);
      return body.photo.id;
    },
    async wait(id) {
      for (let poll = 0; poll < 200; poll++) {
        const { status, body } = await call<PortraitPollAnswer>("GET", `portraits/${id}`, {
          query: { wait_ms: "5000" },
        });
        if (status !== 200) throw new Error(`poll: ${status} ${JSON.stringify(body)}`);
        if (!["queued", "making"].includes(body.portrait.status)) return body.portrait;
      }
      throw new Error(`the portrait ${id} never ended`);
    },
  };
}
