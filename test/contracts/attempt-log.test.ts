import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaAttemptLog } from "#app/adapters/prisma/prisma-attempt-log.ts";
import type { AttemptEnd, AttemptLog, AttemptStart } from "#app/ledger/attempt-log.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";

const start = (id: string): AttemptStart => ({
  id,
  shop: "a.shop",
  portraitKey: "k1",
  style: "ink_wash",
  painter: "preview",
  model: "preview-1",
  priceTable: "2026-11-24",
  startedAtMs: Date.parse("2026-03-29T12:00:00.001Z"),
});
const end = (facts: Partial<AttemptEnd> = {}): AttemptEnd => ({
  outcome: "painted",
  errorCode: null,
  tokens: { input: 1_290, output: 1_120, thinking: 7 },
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

  it("writes down what a call came to", async () => {
    await log.begin(start("painted"));
    await log.end("painted", end());
    expect(await row("painted")).toMatchObject({
      outcome: "painted",
      costMicroUsd: 39_000n,
      tokensInput: 1_290,
      tokensOutput: 1_120,
      tokensThinking: 7,
      finishReason: "STOP",
      providerRequestId: "req-1",
      latencyMs: 4_000,
    });
  });

  it("writes down a call that failed and reported nothing", async () => {
    await log.begin(start("failed"));
    await log.end("failed", end({ outcome: "failed", errorCode: "provider_down", tokens: null, costMicroUsd: 0 }));
    expect(await row("failed")).toMatchObject({ outcome: "failed", errorCode: "provider_down", tokensInput: null });
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
});
