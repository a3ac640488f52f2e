import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextUtcMidnightMs, utcDay } from "./clock.ts";
import { AppError, asAppError } from "./errors.ts";
import { randomIds } from "./ids.ts";
import { formatMicroUsd, microUsd, microUsdFromUsd } from "./money.ts";
import { lifetimeMs, ownerOf, ownersOf } from "./shopper.ts";

describe("a UTC day", () => {
  it.each([
    ["2026-03-29T00:59:59.999Z", "2026-03-29", "2026-03-30T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "2026-12-31", "2027-01-01T00:00:00.000Z"],
    ["2028-02-29T00:00:00.000Z", "2028-02-29", "2028-03-01T00:00:00.000Z"],
  ])("of %s is %s and ends at %s", (at, day, end) => {
    expect([utcDay(Date.parse(at)), new Date(nextUtcMidnightMs(Date.parse(at))).toISOString()]).toEqual([day, end]);
  });

  it("changes exactly at its end, for any instant", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (atMs) => {
        const end = nextUtcMidnightMs(atMs);
        expect(utcDay(end - 1)).toBe(utcDay(atMs));
        expect(utcDay(end)).not.toBe(utcDay(atMs));
      }),
    );
  });
});

describe("money", () => {
  it.each([
    [0, "$0.00"],
    [40_000, "$0.04"],
    [12_300_000, "$12.30"],
    [123, "$0.000123"],
    [38_700, "$0.0387"],
  ])("of %i micro-dollars reads %s", (amount, text) => expect(formatMicroUsd(amount)).toBe(text));

  it("comes from dollars without losing a micro-dollar", () => {
    expect([0.1, 0.2, 0.3, 10, 0.000001].map(microUsdFromUsd)).toEqual([100_000, 200_000, 300_000, 10_000_000, 1]);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("is never %d", (value) => {
    expect(() => microUsd(value)).toThrow(RangeError);
  });
});

describe("an error", () => {
  it("keeps what a shopper may read apart from what happened", () => {
    const error = asAppError(new Error("connect ECONNREFUSED 10.0.0.7:5432"));
    expect(error.publicMessage).not.toMatch(/ECONN|10\.0/);
    expect([error.kind, error.report, error.message]).toEqual(["bug", true, "connect ECONNREFUSED 10.0.0.7:5432"]);
  });

  it("of ours stays what it is", () => {
    const error = new AppError({ code: "x", kind: "invalid", publicMessage: "No." });
    expect([asAppError(error), error.report]).toEqual([error, false]);
  });
});

describe("an id", () => {
  it("says what it names and is no other", () => {
    const ids = Array.from({ length: 1_000 }, () => randomIds.next("por"));
    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => /^por_[A-Za-z0-9_-]{22}$/.test(id))).toBe(true);
  });
});

describe("a shopper", () => {
  const guest = { shop: "s", customer: null, session: "s:1", address: null };
  const customer = { ...guest, customer: "c:7" };
  it("owns as a customer once they are one, and still sees what they made before", () => {
    expect([ownerOf(guest), ownersOf(guest)]).toEqual(["s:1", ["s:1"]]);
    expect([ownerOf(customer), ownersOf(customer)]).toEqual(["c:7", ["c:7", "s:1"]]);
  });
  it("keeps portraits for 7 days as a guest and for 180 as a customer", () => {
    expect([guest, customer].map((who) => lifetimeMs(who) / 86_400_000)).toEqual([7, 180]);
  });
});
