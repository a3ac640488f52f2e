import { AppError } from "#app/kernel/errors.ts";
import type { QuotaClaim } from "./tiers.ts";

const sentences: Record<QuotaClaim["tier"], { code: string; publicMessage: string }> = {
  day: {
    code: "quota_none",
    publicMessage: "You have used today's portraits. You can still order now, and we paint it after.",
  },
  burst: { code: "quota_burst", publicMessage: "That was quick. Please wait a few minutes before the next portrait." },
  address: {
    code: "quota_address",
    publicMessage: "Today's portraits for your network are used up. You can still order now, and we paint it after.",
  },
};

export function quotaExhausted(tier: QuotaClaim["tier"], retryAtMs: number): AppError {
  return new AppError({ ...sentences[tier], kind: "exhausted", retryAtMs });
}

/**
 * Where quotas are held gave no answer in time. Nothing is known then, so nothing is allowed, and nobody is told that
 * their portraits are used up either.
 */
export function quotaStoreSilent(facts: { cause: unknown; retryAtMs?: number; report?: boolean }): AppError {
  const { cause } = facts;
  return new AppError({
    ...facts,
    code: "busy",
    kind: "unavailable",
    publicMessage: "We are very busy right now. Please try again in a moment.",
    message: `the quota store does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
  });
}
