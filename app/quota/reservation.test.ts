import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkThenCount,
  countThenGiveBack,
  keyedReservations,
  type QuotaDesign,
} from "#test/builders/quota-designs.ts";
import { playHistory } from "#test/builders/quota-history.ts";
import { histories, noPaths, type Paths } from "#test/builders/quota-steps.ts";
import { at, burstClaim, dayClaim, ticketOf } from "#test/builders/quota-tickets.ts";
import { claimUsage, decideCommit, decideRefund, decideReserve, type QuotaEntry } from "./reservation.ts";

const check = (design: () => QuotaDesign, paths: Paths, numRuns: number) =>
  fc.check(
    fc.property(histories, (steps) => playHistory(design(), steps, paths)),
    { numRuns, seed: 20_260_329 },
  );

describe("a shopper's ledger over long histories", () => {
  it("never counts more, and never less, than what was given", () => {
    const paths = noPaths();
    expect(report(check(keyedReservations, paths, 2_000))).toEqual({ failed: false, counterexample: null, error: "" });
    for (const [path, times] of Object.entries(paths)) expect(times, path).toBeGreaterThan(5);
  });

  it.each([
    ["looks first and counts later", checkThenCount, /passed where|are counted and|run again|there is room/],
    ["counts first and gives back", countThenGiveBack, /passed where|are counted and|run again|there is room/],
  ])("would be wrong if it were kept by somebody who %s", (_name, design, reason) => {
    const { failed, error } = report(check(design, noPaths(), 200));
    expect(failed).toBe(true);
    expect(error).toMatch(reason);
  });
});

function report({
  failed,
  counterexample,
  errorInstance,
}: Pick<fc.RunDetails<unknown>, "failed" | "counterexample" | "errorInstance">) {
  return { failed, counterexample, error: errorInstance instanceof Error ? errorInstance.message : "" };
}

const entry = (facts: Partial<QuotaEntry>): QuotaEntry => ({
  subject: "c:1",
  tier: "day",
  window: "2026-03-29",
  requestId: "r0",
  state: "done",
  reservedAtMs: at(),
  leaseExpiresAtMs: at(90_000),
  ...facts,
});

describe("a decision", () => {
  const ticket = ticketOf("a", [dayClaim("c:1", 1)]);

  it("writes nothing where it refuses, replays or finds a commit done", () => {
    expect(decideReserve([entry({})], ticket, { nowMs: at(), leaseMs: 1 }).writes).toEqual([]);
    const done = [entry({ requestId: "r1" })];
    expect(decideReserve(done, ticket, { nowMs: at(), leaseMs: 1 })).toMatchObject({
      answer: { state: "committed" },
      writes: [],
    });
    expect(decideCommit(done, ticket, { nowMs: at() })).toEqual({ answer: "committed", writes: [] });
    expect(decideRefund(done, ticket)).toEqual({ answer: undefined, writes: [] });
  });

  it("sees its own outcome when the transaction runs again after a late commit", () => {
    const full = [entry({}), entry({ requestId: "r1", state: "held", leaseExpiresAtMs: at(-1) })];
    const first = decideCommit(full, ticket, { nowMs: at() });
    expect(first).toMatchObject({ answer: "late", writes: [{ state: "late", requestId: "r1" }] });
    expect(decideCommit([...first.writes], ticket, { nowMs: at() })).toEqual({ answer: "late", writes: [] });
  });

  it("looks for room once more where the lease ends so soon that a faster clock may have seen its end", () => {
    const held = entry({ requestId: "r1", state: "held", leaseExpiresAtMs: at(1_000) });
    const other = entry({ requestId: "r2", state: "held", leaseExpiresAtMs: at(90_000) });
    expect(decideCommit([held, other], ticket, { nowMs: at() }).answer).toBe("late");
    expect(decideCommit([held], ticket, { nowMs: at() }).answer).toBe("committed");
    const longHeld = { ...held, leaseExpiresAtMs: at(10_000) };
    expect(decideCommit([longHeld, other], ticket, { nowMs: at() }).answer).toBe("committed");
  });

  it("does not take another shopper's entries for its own", () => {
    const others = [entry({ subject: "c:2" }), entry({ tier: "address" }), entry({ window: "2026-03-28" })];
    expect(decideReserve(others, ticket, { nowMs: at(), leaseMs: 1 }).answer).toMatchObject({ allowed: true });
  });
});

describe("the moment at which a full claim has room again", () => {
  const burst = (reservedAtMs: number, n: number) =>
    entry({ tier: "burst", subject: "s:1", window: "rolling", requestId: `r${n}`, reservedAtMs });

  it("is when the oldest use leaves a rolling window", () => {
    const uses = [burst(at(-1_000), 1), burst(at(-3_000), 2), burst(at(-2_000), 3)];
    expect(claimUsage(uses, burstClaim("s:1", 3), at())).toEqual({ used: 3, freesAtMs: at(597_000) });
  });

  it("is when enough of them have left, where the limit was lowered", () => {
    const uses = [burst(at(-1_000), 1), burst(at(-3_000), 2), burst(at(-2_000), 3)];
    expect(claimUsage(uses, burstClaim("s:1", 1), at())).toEqual({ used: 3, freesAtMs: at(599_000) });
  });

  it("is the end of the claim's own day", () => {
    expect(claimUsage([], dayClaim("c:1", 1), at()).freesAtMs).toBe(Date.parse("2026-03-30T00:00:00Z"));
    expect(claimUsage([], dayClaim("c:1", 1, at()), at(86_400_000)).freesAtMs).toBe(Date.parse("2026-03-30T00:00:00Z"));
  });
});
