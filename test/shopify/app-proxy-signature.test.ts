import { describe, expect, it } from "vitest";
import { signedProxyUrl, signProxyQuery } from "./app-proxy-signature.ts";

/** Both digests are published by Shopify for the secret `hush`. */
const golden = [
  {
    query:
      "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555",
    digest: "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb",
  },
  {
    query:
      "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555",
    digest: "e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb",
  },
];

describe("the app proxy's signature", () => {
  it.each(golden)("equals the one that Shopify publishes: $digest", ({ query, digest }) => {
    expect(signProxyQuery(new URLSearchParams(query), "hush")).toBe(digest);
  });

  it("leaves an earlier signature out of the text", () => {
    const { query, digest } = golden[0] as (typeof golden)[number];
    expect(signProxyQuery(new URLSearchParams(`${query}&signature=abc`), "hush")).toBe(digest);
  });

  it("does not depend on the order of the parameters", () => {
    const one = new URLSearchParams("b=2&a=1&B=3");
    const other = new URLSearchParams("B=3&a=1&b=2");
    expect(signProxyQuery(one, "hush")).toBe(signProxyQuery(other, "hush"));
  });

  it("sorts whole pairs by bytes, so that a longer key may come before its beginning", () => {
    const [a, b] = ["consented=1&consentGiven=2", "consentGiven=2consented=1=x"].map(
      (text) => new URLSearchParams(text),
    );
    // "consentGiven=2" sorts before "consented=1": the capital letter is the smaller byte.
    expect(signProxyQuery(a as URLSearchParams, "hush")).not.toBe(signProxyQuery(b as URLSearchParams, "hush"));
    expect(signProxyQuery(a as URLSearchParams, "hush")).toBe(
      signProxyQuery(new URLSearchParams([["consentGiven", "2consented=1"]]), "hush"),
    );
  });

  it("is in the address that Shopify calls, beside what Shopify adds", () => {
    const url = new URL(
      signedProxyUrl({
        appUrl: "http://127.0.0.1:3000",
        path: "portraits/por_1",
        params: { wait_ms: "8000" },
        shop: "a.myshopify.com",
        customerId: "7001",
        timestampSeconds: 1_700_000_000,
        secret: "hush",
      }),
    );
    expect(url.pathname).toBe("/proxy/portraits/por_1");
    expect([...url.searchParams.keys()]).toEqual([
      "wait_ms",
      "shop",
      "logged_in_customer_id",
      "path_prefix",
      "timestamp",
      "signature",
    ]);
    expect(url.searchParams.get("signature")).toBe(signProxyQuery(url.searchParams, "hush"));
  });
});
