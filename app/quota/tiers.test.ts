import { describe, expect, it } from "vitest";
import { shopperQuota, quotaLevel } from "./shopper-quota.ts";
import { defaultQuotaLimits, quotaClaims } from "./tiers.ts";

const noon = Date.parse("2026-03-29T12:00:00Z");
const today = { kind: "utc-day", day: "2026-03-29" };
const guest = { customer: null, session: "s:1", address: "a:1" };
const customer = { ...guest, customer: "c:7" };

describe("the limits that a shopper meets", () => {
  it("are the day and the burst for a customer, whatever the address", () => {
    expect(quotaClaims(customer, defaultQuotaLimits, noon)).toEqual([
      { tier: "day", subject: "c:7", limit: 5, window: today },
      { tier: "burst", subject: "s:1", limit: 3, window: { kind: "rolling", ms: 600_000 } },
    ]);
  });

  it("are the address too for a guest, where it is known", () => {
    const claims = quotaClaims(guest, defaultQuotaLimits, noon);
    expect(claims.map(({ tier, subject, limit }) => [tier, subject, limit])).toEqual([
      ["day", "s:1", 3],
      ["burst", "s:1", 3],
      ["address", "a:1", 20],
    ]);
    expect(quotaClaims({ ...guest, address: null }, defaultQuotaLimits, noon)).toHaveLength(2);
  });

  it("belong to the UTC day of the request, to the millisecond", () => {
    const dayAt = (iso: string) => quotaClaims(guest, defaultQuotaLimits, Date.parse(iso))[0]?.window;
    expect(dayAt("2026-03-28T23:59:59.999Z")).toEqual({ kind: "utc-day", day: "2026-03-28" });
    expect(dayAt("2026-03-29T00:00:00.000Z")).toEqual(today);
    expect(dayAt("2026-03-29T01:30:00+02:00")).toEqual({ kind: "utc-day", day: "2026-03-28" });
  });
});

describe("the quota as a shopper sees it", () => {
  const claims = quotaClaims(guest, defaultQuotaLimits, noon);
  const usage = (day: number, burst = 0, address = 0) =>
    [day, burst, address].map((used, n) => ({ used, freesAtMs: noon + (n + 1) * 1_000 }));

  it.each([
    [0, "plenty", 3],
    [1, "few", 2],
    [2, "last", 1],
    [3, "none", 0],
    [4, "none", 0],
  ] as const)("after %i of 3 is at the level %s with %i left", (used, level, remaining) => {
    const day = shopperQuota(claims, usage(used));
    expect(day).toMatchObject({ limit: 3, used, remaining, level, resetsAtMs: noon + 1_000 });
  });

  it("names nothing that blocks while there is room in all", () => {
    expect(shopperQuota(claims, usage(2, 2, 19))).toMatchObject({ blockedBy: null, retryAtMs: null });
  });

  it("names the burst or the address that blocks, and when it ends, although the day has room", () => {
    expect(shopperQuota(claims, usage(0, 3))).toMatchObject({
      level: "plenty",
      blockedBy: "burst",
      retryAtMs: noon + 2_000,
    });
    expect(shopperQuota(claims, usage(0, 0, 20))).toMatchObject({ blockedBy: "address", retryAtMs: noon + 3_000 });
    expect(shopperQuota(claims, usage(3, 3, 20))).toMatchObject({ blockedBy: "day", retryAtMs: noon + 1_000 });
  });

  it("cannot be told without a claim on the day", () => {
    expect(() => shopperQuota([], [])).toThrow("claim on the day");
  });

  it("has plenty from three on", () => {
    expect([-1, 0, 1, 2, 3, 99].map(quotaLevel)).toEqual(["none", "none", "last", "few", "plenty", "plenty"]);
  });
});
