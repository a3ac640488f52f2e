import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signedText, verifyProxyQuery } from "./app-proxy.ts";

const secret = "hush";
const nowMs = Date.parse("2026-03-29T12:00:00Z");
const nowSeconds = nowMs / 1000;
const valid = {
  shop: "shop-name.myshopify.com",
  logged_in_customer_id: "1",
  path_prefix: "/apps/pet-portraits",
  timestamp: String(nowSeconds),
};
const hmac = (text: string, key = secret) => createHmac("sha256", key).update(text).digest("hex");
const sign = (values: Record<string, string>) => hmac(signedText(Object.entries(values)));
const queryOf = (values: Record<string, string>, signature = sign(values)) =>
  new URLSearchParams({ ...values, signature }).toString();
const verify = (query: string, options = {}) => verifyProxyQuery(query, { secrets: [secret], nowMs, ...options });
const expectUnsigned = (query: string) =>
  expect(() => verify(query), query).toThrow(expect.objectContaining({ code: "unsigned", kind: "unsigned" }));

describe("the signature of Shopify's app proxy", () => {
  it.each([
    ["1", "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"],
    ["", "e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb"],
  ])("is the one that Shopify publishes for the customer %j", (customer, digest) => {
    const published = {
      extra: "1,2",
      shop: "shop-name.myshopify.com",
      logged_in_customer_id: customer,
      path_prefix: "/apps/awesome_reviews",
      timestamp: "1317327555",
    };
    expect(sign(published)).toBe(digest);
    // Our door knows no `extra`, and nothing that is so old.
    expectUnsigned(`extra=1&extra=2&${queryOf(published, digest).replace("extra=1%2C2&", "")}`);
  });
});

describe("a signed query", () => {
  it("says who asks and for what", () => {
    const own = { session: "v1.ses_a.1.b", key: "k".repeat(16), wait_ms: "5000", source_sha256: "a".repeat(64) };
    expect(verify(queryOf({ ...valid, ...own }))).toEqual({
      shop: valid.shop,
      customerId: "1",
      pathPrefix: "/apps/pet-portraits",
      session: own.session,
      key: own.key,
      waitMs: 5_000,
      sourceSha256: own.source_sha256,
    });
    const guest = verify(queryOf({ ...valid, logged_in_customer_id: "" }));
    expect(guest).toMatchObject({ customerId: null, session: null, key: null, waitMs: 0, sourceSha256: null });
  });

  it("waits eight seconds and no longer", () => {
    expect(verify(queryOf({ ...valid, wait_ms: "8000" })).waitMs).toBe(8_000);
    expect(verify(queryOf({ ...valid, wait_ms: "99999" })).waitMs).toBe(8_000);
  });

  it("is good for 90 seconds either way, and not for 91", () => {
    for (const off of [-90, 0, 90]) verify(queryOf({ ...valid, timestamp: String(nowSeconds + off) }));
    for (const off of [-91, 91]) expectUnsigned(queryOf({ ...valid, timestamp: String(nowSeconds + off) }));
  });

  it("may be signed with the secret before the rotation, and with no other", () => {
    expect(verify(queryOf(valid), { secrets: ["new", secret] }).shop).toBe(valid.shop);
    expect(() => verify(queryOf(valid), { secrets: ["new"] })).toThrow();
    expect(() => verify(queryOf(valid), { secrets: [] })).toThrow();
  });
});

describe("refused is a query", () => {
  it.each(["shop", "timestamp", "path_prefix", "logged_in_customer_id", "signature"])("without %s", (name) => {
    const { [name as keyof typeof valid]: _left, ...rest } = valid;
    if (name !== "signature") return expectUnsigned(queryOf(rest));
    expectUnsigned(new URLSearchParams(valid).toString());
  });

  it.each([...Object.keys(valid), "signature"])("with %s twice, signed as Shopify would sign that", (name) => {
    const values = { ...valid, [name]: `${valid[name as keyof typeof valid]},x` };
    const signature = name === "signature" ? sign(valid) : sign(values);
    expectUnsigned(`${queryOf(valid, signature)}&${name}=x`);
    expectUnsigned(`${name}=x&${queryOf(valid, signature)}`);
  });

  it.each([
    ["upper-case", (s: string) => s.toUpperCase().replace(/^\d+$/, "A".repeat(64))],
    ["short", (s: string) => s.slice(0, 63)],
    ["of 65 characters", (s: string) => `${s}0`],
    ["empty", () => ""],
    ["with one digit flipped", (s: string) => s.replace(/^./, (c) => (c === "0" ? "1" : "0"))],
    ["with the last digit flipped", (s: string) => s.replace(/.$/, (c) => (c === "0" ? "1" : "0"))],
    ["of another secret", () => hmac(signedText(Object.entries(valid)), "other")],
    ["padded", (s: string) => ` ${s}`],
  ])("whose signature is %s", (_name, change) => expectUnsigned(queryOf(valid, change(sign(valid)))));

  it("whose signature is an array, or goes by the admin's name", () => {
    expectUnsigned(queryOf(valid).replace("signature=", "signature[]="));
    expectUnsigned(queryOf(valid).replace("signature=", "hmac="));
    expectUnsigned(`${queryOf(valid)}&hmac=${sign(valid)}`);
  });

  it.each([
    ["shop", "evil.com"],
    ["shop", "shop.myshopify.com.evil.com"],
    ["shop", "Shop.myshopify.com"],
    ["shop", "shop.myshopify.com\n"],
    ["shop", "a/b.myshopify.com"],
    ["timestamp", "abc"],
    ["timestamp", "1e9"],
    ["timestamp", "17000000000000"],
    ["timestamp", "-1"],
    ["logged_in_customer_id", "1 "],
    ["logged_in_customer_id", "one"],
    ["logged_in_customer_id", "9".repeat(21)],
    ["path_prefix", ""],
    ["path_prefix", "/admin/../x"],
    ["session", ""],
    ["key", "short"],
    ["key", "k".repeat(65)],
    ["wait_ms", "-1"],
    ["wait_ms", "1e3"],
    ["source_sha256", "A".repeat(64)],
    ["unknown", "1"],
    ["__proto__", "1"],
    ["constructor", "1"],
    ["Shop", "shop-name.myshopify.com"],
  ])("that is signed and has %s=%j", (name, value) => expectUnsigned(queryOf({ ...valid, [name]: value })));

  it("that is nothing, or not a query", () => {
    for (const query of ["", "&", "=", "?", "%", "%00", "shop", "a=b=c", "\ud800", "&".repeat(10_000)])
      expectUnsigned(query);
  });
});

/** The same signed text, cut in other places. */
describe("a query that is sliced anew", () => {
  const victim = { ...valid, logged_in_customer_id: "999" };

  it("is refused where a value carries other pairs in itself", () => {
    const signature = sign(victim);
    const folded: Record<string, string>[] = [
      { logged_in_customer_id: "999path_prefix=/apps/pet-portraits", shop: valid.shop, timestamp: valid.timestamp },
      { ...valid, logged_in_customer_id: "", key: "x".repeat(16) },
      {
        logged_in_customer_id: "999",
        path_prefix: `/apps/pet-portraitsshop=${valid.shop}timestamp=${valid.timestamp}`,
      },
      { logged_in_customer_id: `999path_prefix=/apps/pet-portraitsshop=${valid.shop}timestamp=${valid.timestamp}` },
    ];
    for (const values of folded) expectUnsigned(queryOf(values, signature));
  });

  it("has the same text for no two different queries that are accepted", () => {
    const names = ["shop", "session", "key", "wait_ms", "timestamp", "path_prefix", "logged_in_customer_id"];
    const word = fc.oneof(fc.constantFrom(...names), fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/));
    const words = (most: number) => fc.array(word, { minLength: 1, maxLength: most }).map((all) => all.join(""));
    const anyQuery = fc.record(
      {
        shop: words(3).map((text) => `${text.toLowerCase().replace(/[^a-z0-9-]/g, "")}0.myshopify.com`),
        timestamp: fc.integer({ min: -90, max: 90 }).map((off) => String(nowSeconds + off)),
        path_prefix: words(4).map((text) => `/apps/${text.slice(0, 60)}`),
        logged_in_customer_id: fc.oneof(fc.constant(""), fc.nat({ max: 30 }).map(String)),
        session: words(6),
        key: words(4).map((text) => text.padEnd(16, "0").slice(0, 64)),
        wait_ms: fc.nat({ max: 9_000 }).map(String),
      },
      { requiredKeys: ["shop", "timestamp", "path_prefix", "logged_in_customer_id"] },
    );
    const byText = new Map<string, string>();
    let accepted = 0;
    fc.assert(
      fc.property(anyQuery, (values) => {
        const call = verifyOrNothing(queryOf(values));
        if (call === undefined) return true;
        accepted += 1;
        const pairs = JSON.stringify(Object.entries(values).sort());
        const text = signedText(Object.entries(values as Record<string, string>));
        const before = byText.get(text) ?? pairs;
        byText.set(text, pairs);
        return before === pairs;
      }),
      { numRuns: 120_000, seed: 7 },
    );
    expect(accepted).toBeGreaterThan(100_000);
    expect(byText.size).toBeGreaterThan(50_000);
  });
});

function verifyOrNothing(query: string) {
  try {
    return verify(query);
  } catch {
    return undefined;
  }
}
