import { describe, expect, it } from "vitest";
import type { House } from "#app/house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import type { Claim, IdempotentAnswers, KeyedRequest } from "./idempotent-answers.ts";
import { onceForKey } from "./once-for-key.ts";
import type { StorefrontCall } from "./storefront-door.ts";

const call = (facts: Partial<StorefrontCall> = {}): StorefrontCall => ({
  shop: "a.shop",
  customerId: null,
  pathPrefix: "/apps/pet-portraits",
  session: "token",
  key: "a-key-of-16-chars",
  waitMs: 0,
  sourceSha256: null,
  shopper: { shop: "a.shop", customer: null, session: "s:1", address: null },
  method: "POST",
  path: "/proxy/portraits",
  ...facts,
});

/** A house that answers claims by plan and writes down what it is told. */
function houseOf(claims: Claim[]) {
  const clock = stoppedClock(1_000_000);
  const heard: { did: string; request: KeyedRequest }[] = [];
  const answers: IdempotentAnswers = {
    async claim(request) {
      heard.push({ did: "claim", request });
      clock.atMs += 1_000;
      return claims[Math.min(heard.length, claims.length) - 1] ?? { state: "claimed" };
    },
    answer: async (request) => void heard.push({ did: "answer", request }),
    release: async (request) => void heard.push({ did: "release", request }),
  };
  return { house: { clock, answers } as unknown as House, heard, did: () => heard.map((one) => one.did) };
}

const work = async () => ({ status: 202, body: { n: 1 } });
const never = () => Promise.reject(new Error("must not be done"));

describe("work under a key", () => {
  it("is done and its answer kept, with the same headers as later", async () => {
    const { house, did } = houseOf([{ state: "claimed" }]);
    const answer = await onceForKey(house, call(), "sha", work);
    expect([answer.status, await answer.json(), answer.headers.get("Retry-After")]).toEqual([202, { n: 1 }, "1"]);
    expect(did()).toEqual(["claim", "answer"]);
    const again = houseOf([{ state: "answered", answer: { status: 202, body: { n: 1 } } }]);
    const repeated = await onceForKey(again.house, call(), "sha", never);
    expect([repeated.status, repeated.headers.get("Retry-After")]).toEqual([202, "1"]);
  });

  it("is done every time where there is no key", async () => {
    const { house, did } = houseOf([]);
    await onceForKey(house, call({ key: null }), "sha", work);
    expect(did()).toEqual([]);
  });

  it("lets the key go when it fails, and says how it failed", async () => {
    const { house, did } = houseOf([{ state: "claimed" }]);
    await expect(onceForKey(house, call(), "sha", () => Promise.reject(new Error("no photo")))).rejects.toThrow(
      "no photo",
    );
    expect(did()).toEqual(["claim", "release"]);
  });

  it("waits for a twin that is at it, and gives its answer", async () => {
    const { house, did } = houseOf([
      { state: "running" },
      { state: "running" },
      { state: "answered", answer: { status: 200, body: 1 } },
    ]);
    expect((await onceForKey(house, call(), "sha", never)).status).toBe(200);
    expect(did()).toEqual(["claim", "claim", "claim"]);
  });

  it("is busy when the twin takes longer than anybody waits", async () => {
    const { house } = houseOf([{ state: "running" }]);
    await expect(onceForKey(house, call(), "sha", never)).rejects.toMatchObject({ code: "busy", kind: "unavailable" });
  });

  it("is refused where the key belongs to another request", async () => {
    const { house } = houseOf([{ state: "other-request" }]);
    await expect(onceForKey(house, call(), "sha", never)).rejects.toMatchObject({
      code: "key_reused",
      kind: "invalid",
    });
  });

  it("is the same work for the same method, path, customer and body, and for nothing else", async () => {
    const fingerprintOf = async (facts: Partial<StorefrontCall>, sha: string) => {
      const { house, heard } = houseOf([]);
      await onceForKey(house, call(facts), sha, work);
      return heard[0]?.request.fingerprint;
    };
    const all = await Promise.all([
      fingerprintOf({}, "sha"),
      fingerprintOf({}, "other"),
      fingerprintOf({ path: "/proxy/photos" }, "sha"),
      fingerprintOf({ method: "DELETE" }, "sha"),
      fingerprintOf({ customerId: "1" }, "sha"),
    ]);
    expect(new Set(all).size).toBe(5);
    expect(await fingerprintOf({ waitMs: 5_000 }, "sha")).toBe(all[0]);
  });
});
