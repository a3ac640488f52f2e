import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";

/** The limits that a test is about; what it does not name has none. */
export const budgetsOf = (limits: Partial<BudgetLimits>): BudgetLimits => ({
  shopDay: null,
  shopMonth: null,
  installationDay: null,
  installationMonth: null,
  ...limits,
});
