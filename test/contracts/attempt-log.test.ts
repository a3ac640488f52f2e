import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import type { AttemptEnd, AttemptLog, AttemptStart } from "#app/ledger/attempt-log.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";

const start = (id: string): AttemptStart => ({
  id,
  shop: "a.shop",
  budgetDay: "2026-03-28",
  portraitKey: "k1",
  style: "ink_wash",
  painter: "preview",
  model: "preview-1",
  priceTable: "2026-11-24",
  highestMicroUsd: 100_000,
  wording: "usual",
  startedAtMs: Date.parse("2026-03-29T12:00:00.001Z"),
});
const end = (facts: Partial<AttemptEnd> = {}): AttemptEnd => ({
  outcome: "painted",
  errorCode: null,
  tokens: { inputText: 170, inputImage: 1_120, outputText: 3, outputImage: 1_120, thinking: 7 },
  billing: "reported",
  costMicroUsd: 39_000,
  finishReason: "STOP",
  providerRequestId: "req-1",
  endedAtMs: Date.parse("2026-03-29T12:00:04.001Z"),
  latencyMs: 4_000,
  ...facts,
});

describeOnEachDatabase("the attempt log", (open) => {
  let database: Database;
  let log: AttemptLog;
  beforeAll(async () => {
    database = await open();
    log = createPrismaAttemptLog(database.prisma);
  });
  afterAll(() => database.close());
  const row = (id: string) => database.prisma.attempt.findUniqueOrThrow({ where: { id } });

  it("has a row of a call before the call ends, so that a crash leaves a trace", async () => {
    await log.begin(start("begun"));
    expect(await row("begun")).toMatchObject({
      outcome: "running",
      model: "preview-1",
      costMicroUsd: 0n,
      endedAt: null,
    });
    expect((await row("begun")).startedAt.getTime()).toBe(start("begun").startedAtMs);
  });

  it("finds the calls that were begun long ago and have not ended, oldest first", async () => {
    const at = (id: string, startedAtMs: number) => log.begin({ ...start(id), startedAtMs });
    const longAgo = Date.parse("2026-03-01T12:00:00.000Z");
    for (const [id, ms] of Object.entries({ second: 1_000, first: 0, ended: 500, young: 60_000 }))
      await at(id, longAgo + ms);
    await log.end("ended", end());
    expect(await log.abandoned(longAgo + 60_000, 10)).toEqual([
      { id: "first", shop: "a.shop", budgetDay: "2026-03-28", startedAtMs: longAgo, highestMicroUsd: 100_000 },
      { id: "second", shop: "a.shop", budgetDay: "2026-03-28", startedAtMs: longAgo + 1_000, highestMicroUsd: 100_000 },
    ]);
    expect(await log.abandoned(longAgo + 60_000, 1)).toHaveLength(1);
  });

  it("writes down what a call came to", async () => {
    await log.begin(start("painted"));
    await log.end("painted", end());
    expect(await row("painted")).toMatchObject({
      outcome: "painted",
      costMicroUsd: 39_000n,
      billing: "reported",
      tokensInputText: 170,
      tokensInputImage: 1_120,
      tokensOutputText: 3,
      tokensOutputImage: 1_120,
      tokensThinking: 7,
      finishReason: "STOP",
      providerRequestId: "req-1",
      latencyMs: 4_000,
    });
  });

  it("writes down a call that failed and reported nothing", async () => {
    await log.begin(start("failed"));
    await log.end(
      "failed",
      end({ outcome: "failed", errorCode: "provider_down", tokens: null, costMicroUsd: 0, billing: "nothing" }),
    );
    expect(await row("failed")).toMatchObject({
      outcome: "failed",
      errorCode: "provider_down",
      tokensInputText: null,
      billing: "nothing",
    });
  });

  it("never changes what has been written down", async () => {
    await log.begin(start("once"));
    await log.end("once", end());
    await log.end("once", end({ outcome: "failed", costMicroUsd: 0 }));
    expect(await row("once")).toMatchObject({ outcome: "painted", costMicroUsd: 39_000n });
  });

  it("does not begin a call twice under one name", async () => {
    await log.begin(start("twice"));
    await expect(log.begin(start("twice"))).rejects.toThrow();
  });

  describe("within a provider's spending limit", () => {
    const nowMs = Date.parse("2026-03-29T15:00:00.000Z");
    const limit = { windowMs: 600_000, microUsd: 250_000 };
    let painters = 0;
    const paintersOwn = () => ({ painter: `painter-${(painters += 1)}` });

    it("lets calls begin as long as the most that they can cost has room", async () => {
      const own = paintersOwn();
      const begin = (id: string) => log.begin({ ...start(`${own.painter}-${id}`), ...own, startedAtMs: nowMs }, limit);
      expect([await begin("a"), await begin("b")]).toEqual([{ begun: true }, { begun: true }]);
      expect(await begin("c")).toEqual({ begun: false, retryInMs: 600_000 });
      expect(await database.prisma.attempt.count({ where: own })).toBe(2);
    });

    it("counts what has ended with what it came to, from when it ended", async () => {
      const own = paintersOwn();
      const begin = (id: string, startedAtMs = nowMs) =>
        log.begin({ ...start(`${own.painter}-${id}`), ...own, startedAtMs }, limit);
      await begin("a", nowMs - 40_000);
      await log.end(`${own.painter}-a`, end({ costMicroUsd: 60_000, endedAtMs: nowMs - 10_000 }));
      await begin("b", nowMs - 5_000);
      expect(await begin("c")).toEqual({ begun: false, retryInMs: 590_000 });
      await log.end(`${own.painter}-b`, end({ costMicroUsd: 40_000, endedAtMs: nowMs }));
      expect(await begin("c")).toEqual({ begun: true });
    });

    it("has room again when something has left the window, and looks at its own painter alone", async () => {
      const own = paintersOwn();
      const begin = (id: string, startedAtMs: number) =>
        log.begin({ ...start(`${own.painter}-${id}`), ...own, startedAtMs }, limit);
      await begin("a", nowMs);
      await begin("b", nowMs + 1_000);
      expect(await begin("c", nowMs + 599_999)).toEqual({ begun: false, retryInMs: 1 });
      expect(await begin("c", nowMs + 600_000)).toEqual({ begun: true });
      const other = paintersOwn();
      expect(await log.begin({ ...start(`${other.painter}-a`), ...other, startedAtMs: nowMs }, limit)).toEqual({
        begun: true,
      });
    });

    it("is never passed by a crowd", async () => {
      const own = paintersOwn();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          log.begin({ ...start(`${own.painter}-${n}`), ...own, startedAtMs: nowMs, highestMicroUsd: 60_000 }, limit),
        ),
      );
      expect(answers.filter(({ begun }) => begun)).toHaveLength(4);
    });
  });
});
