import type { ClaimUsage } from "./quota-store.ts";
import type { QuotaClaim } from "./tiers.ts";

/**
 * The quota as the shopper sees it. The day is what they are shown; a burst or an address that is full is named as what
 * blocks them, with the moment at which it ends.
 */
export type ShopperQuota = {
  limit: number;
  used: number;
  remaining: number;
  level: "plenty" | "few" | "last" | "none";
  resetsAtMs: number;
  blockedBy: null | QuotaClaim["tier"];
  retryAtMs: number | null;
};

export function shopperQuota(claims: readonly QuotaClaim[], usage: readonly ClaimUsage[]): ShopperQuota {
  const pairs = claims.map((claim, index) => ({ claim, usage: usage[index] ?? { used: 0, freesAtMs: 0 } }));
  const day = pairs.find((pair) => pair.claim.tier === "day");
  if (day === undefined) throw new Error("every shopper has a claim on the day");
  const full = pairs.find((pair) => pair.usage.used >= pair.claim.limit);
  const remaining = Math.max(0, day.claim.limit - day.usage.used);
  return {
    limit: day.claim.limit,
    used: day.usage.used,
    remaining,
    level: quotaLevel(remaining),
    resetsAtMs: day.usage.freesAtMs,
    blockedBy: full?.claim.tier ?? null,
    retryAtMs: full?.usage.freesAtMs ?? null,
  };
}

export function quotaLevel(remaining: number): ShopperQuota["level"] {
  if (remaining <= 0) return "none";
  if (remaining === 1) return "last";
  return remaining === 2 ? "few" : "plenty";
}
