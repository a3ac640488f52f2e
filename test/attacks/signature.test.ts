import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signedText } from "#app/http/app-proxy.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, type QuickHouse } from "#test/builders/quick-house.ts";
import { megabytes, sendRaw, talk } from "#test/builders/raw-http.ts";
import { comeAsShopper, signedQuery, testSecret, testShop, type TestShopper } from "#test/builders/storefront.ts";

describe("somebody without Shopify's signature", () => {
  let house: QuickHouse;
  let victim: TestShopper;
  beforeAll(async () => {
    house = await openQuickHouse({ environment: roomy });
    victim = await comeAsShopper(house.url, { customer: "42" });
    await victim.give(await smallPhoto(1));
  });
  afterAll(() => house.close());

  const at = (query: string, path = "photos") => `${house.url}/proxy/${path}?${query}`;
  const footprint = async () => [
    await house.rows.photo.count(),
    await house.rows.portrait.count(),
    await house.rows.storefrontEvent.count(),
    await house.rows.quotaEntry.count(),
    await house.rows.idempotentAnswer.count(),
  ];
  /** Every door refuses it in the same words, and nothing has happened. */
  const expectRefused = async (query: string) => {
    const before = await footprint();
    for (const [method, path] of [
      ["GET", "session"],
      ["POST", "portraits"],
      ["DELETE", "photos"],
      ["GET", "nowhere"],
    ] as const) {
      const answer = await sendRaw(at(query, path), { method });
      expect({ status: answer.status, code: answer.code }, `${method} ${path}?${query}`).toEqual({
        status: 401,
        code: "unsigned",
      });
    }
    expect(await footprint()).toEqual(before);
  };
  const parts = (overrides: Record<string, string | undefined> = {}) =>
    Object.fromEntries(new URLSearchParams(signedQuery({ session: victim.session.session, ...overrides })));
  const query = (values: Record<string, string>) => new URLSearchParams(values).toString();

  it("is refused with none (1)", async () => {
    const { signature: _none, ...rest } = parts();
    await expectRefused(query(rest));
    await expectRefused("");
  });

  it("is refused with one digit flipped, whichever it is (2)", async () => {
    const { signature = "", ...rest } = parts();
    for (let place = 0; place < 64; place++) {
      const flipped = signature[place] === "0" ? "1" : "0";
      const forged = signature.slice(0, place) + flipped + signature.slice(place + 1);
      const { status } = await sendRaw(at(query({ ...rest, signature: forged }), "session"), { method: "GET" });
      expect(status, `digit ${place}`).toBe(401);
    }
  });

  it("is refused with an upper-case, a short, a long and a listed signature (3)", async () => {
    const { signature = "", ...rest } = parts();
    for (const forged of [signature.toUpperCase(), signature.slice(1), `${signature}0`, ""]) {
      await expectRefused(query({ ...rest, signature: forged }));
    }
    await expectRefused(`${query(rest)}&signature[]=${signature}`);
    await expectRefused(`${query(rest)}&signature=${signature}&signature=${signature}`);
  });

  it("is refused with a time that is missing, no time, long ago, or 91 seconds off (4)", async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const timestamp of [undefined, "abc", "1000000000", "1e9", String(now + 120), String(now - 120)]) {
      await expectRefused(signedQuery({ timestamp }));
    }
  });

  it("is refused with the shop or the customer twice, wherever the signed one stands (5, 6)", async () => {
    const signed = signedQuery({ logged_in_customer_id: "42" });
    for (const extra of ["shop=evil.myshopify.com", "logged_in_customer_id=43"]) {
      await expectRefused(`${extra}&${signed}`);
      await expectRefused(`${signed}&${extra}`);
      const [name = "", value = ""] = extra.split("=");
      const joined = { ...parts({ logged_in_customer_id: "42" }), signature: "" };
      const text = signedText(Object.entries({ ...joined, [name]: `${value},${joined[name as keyof typeof joined]}` }));
      const signature = createHmac("sha256", testSecret).update(text).digest("hex");
      await expectRefused(`${extra}&${query({ ...joined, signature })}`);
    }
  });

  it("is refused with the same signed text sliced anew (7)", async () => {
    const { signature = "" } = parts({ logged_in_customer_id: "42", session: undefined });
    const { timestamp = "", path_prefix = "" } = parts({ logged_in_customer_id: "42", session: undefined });
    await expectRefused(
      query({ logged_in_customer_id: `42path_prefix=${path_prefix}`, shop: testShop, timestamp, signature }),
    );
    await expectRefused(
      query({ logged_in_customer_id: "42", path_prefix: `${path_prefix}shop=${testShop}`, timestamp, signature }),
    );
  });

  it("is refused with the admin's kind of signature (10)", async () => {
    const { signature = "", ...rest } = parts();
    await expectRefused(query({ ...rest, hmac: signature }));
  });

  it("is refused with a parameter that Shopify does not sign here", async () => {
    for (const name of ["page", "_", "__proto__", "utm_source", "SHOP"])
      await expectRefused(signedQuery({ [name]: "1" }));
  });

  it("is refused whatever the method, before there is another answer", async () => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE", "REPORT"]) {
      for (const path of ["session", "photos", "portraits", "portraits/por_1", "events", "uploads", "nowhere", ""]) {
        const { status } = await sendRaw(at("", path), { method });
        expect(status, `${method} ${path}`).toBe(401);
      }
    }
  });

  it("is refused before 60 MB are read", async () => {
    const answer = await sendRaw(at("shop=evil"), { headers: { "Content-Length": "60000000" }, body: megabytes(57) });
    expect(answer).toMatchObject({ status: 401, code: "unsigned", closes: true });
    expect(answer.sentBytes).toBeLessThan(20_000_000);
  });

  it("cannot replay a signed address with another body: the key is spent, and a new key is not signed (11)", async () => {
    const photoId = await victim.give(await smallPhoto(2));
    const signed = signedQuery({
      logged_in_customer_id: "42",
      session: victim.session.session,
      key: "the-key-of-the-victim",
    });
    const wish = (take: number) => JSON.stringify({ photos: [{ id: photoId }], style: "ink_wash", take });
    const first = await sendRaw(at(signed, "portraits"), { body: [Buffer.from(wish(1))] });
    expect(first.status).toBe(202);
    const other = await sendRaw(at(signed, "portraits"), { body: [Buffer.from(wish(2))] });
    expect(other).toMatchObject({ status: 422, code: "key_reused" });
    const newKey = await sendRaw(at(signed.replace("the-key-of-the-victim", "the-key-of-the-attacker"), "portraits"));
    expect(newKey).toMatchObject({ status: 401, code: "unsigned" });
  });

  it("gets nothing out of a request that is no HTTP", async () => {
    for (const nonsense of [
      "\0\0\0",
      "GET\r\n\r\n",
      "GET /proxy/session HTTP/9.9\r\n\r\n",
      `GET /proxy/${"a".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    ]) {
      expect(await talk(house.url, nonsense)).toMatch(/^HTTP\/1.1 4\d\d /);
    }
    const twoLengths =
      "POST /proxy/photos HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    expect(await talk(house.url, twoLengths)).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  it("has left no trace in the log but the path", () => {
    const told = JSON.stringify(house.said);
    for (const secret of [victim.session.session, "signature=", "logged_in_customer_id", testSecret])
      expect(told).not.toContain(secret);
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
  });
});
