import { AppError } from "#app/kernel/errors.ts";

export function budgetSpent(retryAtMs: number): AppError {
  return new AppError({
    code: "budget_spent",
    kind: "unavailable",
    publicMessage: "No more portraits can be painted today. You can still order now, and we paint it after.",
    retryAtMs,
  });
}
