import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaIdempotentAnswers } from "#app/adapters/prisma/prisma-idempotent-answers.ts";
import type { IdempotentAnswers, KeyedRequest } from "#app/http/idempotent-answers.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";

const nowMs = Date.parse("2026-03-29T12:00:00Z");
const options = { nowMs, lapsesAfterMs: 30_000, expiresAtMs: nowMs + 86_400_000 };
const at = (afterMs: number) => ({ ...options, nowMs: nowMs + afterMs, expiresAtMs: options.expiresAtMs + afterMs });
const keyed = (key: string, facts: Partial<KeyedRequest> = {}): KeyedRequest => ({
  shop: "a.shop",
  shopper: "s:1",
  key,
  fingerprint: "f1",
  ...facts,
});

describeOnEachDatabase("the idempotent answers", (open) => {
  let database: Database;
  let answers: IdempotentAnswers;
  beforeAll(async () => {
    database = await open();
    answers = createPrismaIdempotentAnswers(database.prisma);
  });
  afterAll(() => database.close());

  it("let one of a crowd do the work and tell the others that it runs", async () => {
    const claims = await Promise.all(Array.from({ length: 40 }, () => answers.claim(keyed("crowd"), options)));
    expect(claims.filter(({ state }) => state === "claimed")).toHaveLength(1);
    expect(claims.filter(({ state }) => state === "running")).toHaveLength(39);
  });

  it("give the first answer again, of every JSON shape", async () => {
    const answer = { status: 202, body: { portrait: { id: "por_1", image: null, list: [1, "ü", true], nested: {} } } };
    await answers.claim(keyed("again"), options);
    await answers.answer(keyed("again"), answer);
    expect(await answers.claim(keyed("again"), at(1))).toEqual({ state: "answered", answer });
    expect(JSON.stringify(await answers.claim(keyed("again"), at(1)))).toBe(
      JSON.stringify({ state: "answered", answer }),
    );
    expect(await answers.claim(keyed("again"), at(40_000))).toEqual({ state: "answered", answer });
  });

  it("refuse another request under the same key, running or answered", async () => {
    await answers.claim(keyed("other"), options);
    expect(await answers.claim(keyed("other", { fingerprint: "f2" }), options)).toEqual({ state: "other-request" });
    await answers.answer(keyed("other"), { status: 200, body: {} });
    expect(await answers.claim(keyed("other", { fingerprint: "f2" }), options)).toEqual({ state: "other-request" });
  });

  it("know a key for one shopper of one shop", async () => {
    for (const facts of [{}, { shopper: "s:2" }, { shop: "b.shop" }]) {
      expect(await answers.claim(keyed("apart", facts), options)).toEqual({ state: "claimed" });
    }
  });

  it("free a key that was released, and not one that was answered", async () => {
    await answers.claim(keyed("released"), options);
    await answers.release(keyed("released"));
    expect(await answers.claim(keyed("released"), options)).toEqual({ state: "claimed" });
    await answers.answer(keyed("released"), { status: 200, body: 1 });
    await answers.release(keyed("released"));
    expect(await answers.claim(keyed("released"), options)).toMatchObject({ state: "answered" });
  });

  it("take a claim without an answer for dead after a while, and hand it to one", async () => {
    await answers.claim(keyed("dead"), options);
    expect(await answers.claim(keyed("dead"), at(29_999))).toEqual({ state: "running" });
    const claims = await Promise.all(Array.from({ length: 20 }, () => answers.claim(keyed("dead"), at(30_000))));
    expect(claims.filter(({ state }) => state === "claimed")).toHaveLength(1);
    expect(await answers.claim(keyed("dead"), at(59_999))).toEqual({ state: "running" });
  });

  it("forget an answer after a day, whatever comes under its key then", async () => {
    await answers.claim(keyed("old"), options);
    await answers.answer(keyed("old"), { status: 200, body: "old" });
    expect(await answers.claim(keyed("old"), { ...options, nowMs: options.expiresAtMs - 1 })).toMatchObject({
      state: "answered",
    });
    expect(await answers.claim(keyed("old", { fingerprint: "f2" }), at(86_400_000))).toEqual({ state: "claimed" });
  });
});
