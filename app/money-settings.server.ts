import { z } from "zod";
import { formatMicroUsd, microUsdFromUsd, type MicroUsd } from "#app/kernel/money.ts";
import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";

/** The settings of the money: what a shop and what the whole installation may spend, in a day and in a month. */
const usd = () => z.coerce.number().min(0).max(1_000_000);

/** As much as ten shops that spend their whole day: far above a usual day, and the most that a bad one costs. */
const installationDayUsd = 100;

export function moneySettings() {
  return {
    DAILY_BUDGET_USD: usd().default(10).describe("What a shop may spend on painting in a UTC day, US dollars."),
    MONTHLY_BUDGET_USD: usd()
      .optional()
      .describe("What a shop may spend in a UTC month, US dollars; the admin warns before. No limit without it."),
    INSTALLATION_DAILY_BUDGET_USD: usd()
      .optional()
      .describe(
        `What all shops together may spend in a UTC day, US dollars. ${installationDayUsd} without it, or DAILY_BUDGET_USD where that is more.`,
      ),
    INSTALLATION_MONTHLY_BUDGET_USD: usd()
      .optional()
      .describe(
        "What all shops together may spend in a UTC month, US dollars, for instance your tier's monthly cap at Google. No limit without it.",
      ),
  };
}

export type MoneyEnvironment = z.infer<z.ZodObject<ReturnType<typeof moneySettings>>>;

export function budgetsFrom(env: MoneyEnvironment): BudgetLimits {
  return Object.freeze({
    shopDay: microUsdFromUsd(env.DAILY_BUDGET_USD),
    shopMonth: orNull(env.MONTHLY_BUDGET_USD),
    installationDay: microUsdFromUsd(
      env.INSTALLATION_DAILY_BUDGET_USD ?? Math.max(installationDayUsd, env.DAILY_BUDGET_USD),
    ),
    installationMonth: orNull(env.INSTALLATION_MONTHLY_BUDGET_USD),
  });
}

const orNull = (amount: number | undefined): MicroUsd | null => (amount === undefined ? null : microUsdFromUsd(amount));

/**
 * Budgets that can never be spent because a smaller one ends before them, a sentence each. No reason not to start: each
 * limit holds, and a small one for everybody is how spending is cut in a hurry.
 */
export function oddBudgets(limits: BudgetLimits): string[] {
  const smaller = [
    ["INSTALLATION_DAILY_BUDGET_USD", limits.installationDay, "DAILY_BUDGET_USD", limits.shopDay],
    ["INSTALLATION_MONTHLY_BUDGET_USD", limits.installationMonth, "MONTHLY_BUDGET_USD", limits.shopMonth],
    ["MONTHLY_BUDGET_USD", limits.shopMonth, "DAILY_BUDGET_USD", limits.shopDay],
    ["INSTALLATION_MONTHLY_BUDGET_USD", limits.installationMonth, "DAILY_BUDGET_USD", limits.shopDay],
  ] as const;
  return smaller.flatMap(([name, limit, largerName, larger]) =>
    limit === null || larger === null || limit >= larger
      ? []
      : `${name} (${formatMicroUsd(limit)}) is less than ${largerName} (${formatMicroUsd(larger)}), which can never be spent.`,
  );
}
