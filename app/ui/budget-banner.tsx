import { Banner, BlockStack } from "@shopify/polaris";
import type { ShopBudget } from "#app/ledger/shop-budget.ts";
import { budgetWarning } from "./budget-wording.ts";

/** What a merchant has to know about the money, where there is anything; it stays as long as it is so. */
export function BudgetBanner({ budget, nowMs }: { budget: ShopBudget | null; nowMs: number }) {
  const warning = budget === null ? undefined : budgetWarning(budget, nowMs);
  if (warning === undefined) return null;
  return (
    // In an element of its own, or Polaris puts twice the space between two banners.
    <div>
      <Banner tone={warning.tone} title={warning.title}>
        <BlockStack gap="200">
          {warning.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </BlockStack>
      </Banner>
    </div>
  );
}
