import { Badge, Card, ProgressBar, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { MicroUsd } from "#app/kernel/money.ts";
import type { BudgetRung } from "#app/ledger/budget-ladder.ts";
import type { ShopBudget } from "#app/ledger/shop-budget.ts";
import { basisWords, dollars, firstDayOfNextMonth, lastDayOfMonth, rungWords, shareOf } from "./budget-wording.ts";

/**
 * The day's money beside its budget, and the month with its forecast. `null` stands for money that could not be read,
 * `undefined` for money that is on its way: all three take the same room.
 */
export function BudgetCard({ budget, nowMs }: { budget: ShopBudget | null | undefined; nowMs: number }) {
  return (
    <Card padding="0">
      <div className="budget" aria-busy={budget === undefined}>
        {budget ? (
          <>
            <Today {...budget} />
            <Month month={budget.month} nowMs={nowMs} />
          </>
        ) : (
          ["Spent today", "Spent this month"].map((label) => (
            <Purse key={label} label={label} amount={budget === undefined ? undefined : "–"}>
              {budget === null && "Could not be read. Reload the page in a moment."}
            </Purse>
          ))
        )}
      </div>
    </Card>
  );
}

const barTones: Record<BudgetRung, "success" | "highlight" | "primary" | "critical"> = {
  all: "success",
  "cheaper-model": "highlight",
  "no-new-takes": "primary",
  "cached-only": "critical",
};

function Today({ standing, day }: ShopBudget) {
  const { badge, tone, sentence } = rungWords(standing);
  const committed = day.spentMicroUsd + day.setAsideMicroUsd;
  return (
    <Purse
      label="Spent today"
      amount={dollars(day.spentMicroUsd)}
      limit={day.limitMicroUsd}
      badge={<Badge tone={tone}>{badge}</Badge>}
      bar={{ committed, tone: barTones[standing.rung] }}
    >
      {day.setAsideMicroUsd > 0 && `${dollars(day.setAsideMicroUsd)} more is set aside for portraits on their way. `}
      {sentence}
    </Purse>
  );
}

function Month({ month, nowMs }: { month: ShopBudget["month"]; nowMs: number }) {
  const { spentMicroUsd, limitMicroUsd, forecast } = month;
  const isSpent = limitMicroUsd !== null && spentMicroUsd >= limitMicroUsd;
  const isTooMuch = limitMicroUsd !== null && forecast !== null && forecast.microUsd > limitMicroUsd;
  const badge = isSpent ? (
    <Badge tone="critical">Budget spent</Badge>
  ) : (
    <Badge tone="warning">Heading past its budget</Badge>
  );
  return (
    <Purse
      label="Spent this month"
      amount={dollars(spentMicroUsd)}
      limit={limitMicroUsd}
      badge={(isSpent || isTooMuch) && badge}
      bar={{ committed: spentMicroUsd, tone: isSpent ? "critical" : isTooMuch ? "primary" : "success" }}
    >
      {isSpent ? (
        `Nothing new is painted until ${firstDayOfNextMonth(nowMs)}.`
      ) : forecast === null ? (
        "A forecast follows once painting has cost something for a few hours."
      ) : (
        <>
          About{" "}
          <Text as="span" fontWeight="semibold">
            {dollars(forecast.microUsd)}
          </Text>{" "}
          by {lastDayOfMonth(nowMs)}, if days go on like {basisWords(forecast)}.
        </>
      )}
    </Purse>
  );
}

type PurseProps = {
  label: string;
  /** Undefined while it is on its way. */
  amount: string | undefined;
  limit?: MicroUsd | null;
  badge?: ReactNode;
  bar?: { committed: MicroUsd; tone: "success" | "highlight" | "primary" | "critical" };
  children?: ReactNode;
};

function Purse({ label, amount, limit = null, badge, bar, children }: PurseProps) {
  const id = `budget-${label.replaceAll(" ", "-").toLowerCase()}`;
  return (
    <section className="budget__purse" aria-labelledby={id}>
      <div className="budget__head">
        <Text as="h2" variant="bodySm" tone="subdued" id={id}>
          {label}
        </Text>
        {badge}
      </div>
      <div className="budget__amount">
        {amount === undefined ? (
          <span className="figures__waiting" />
        ) : (
          <Text as="span" variant="headingLg" numeric>
            {amount}
          </Text>
        )}
        {limit !== null && (
          <Text as="span" tone="subdued">
            {" "}
            of {dollars(limit)}
          </Text>
        )}
      </div>
      <div className="budget__bar">
        {limit !== null && bar !== undefined && (
          <ProgressBar progress={shareOf(bar.committed, limit)} tone={bar.tone} size="small" ariaLabelledBy={id} />
        )}
      </div>
      <Text as="p" variant="bodySm" tone="subdued">
        {children}
      </Text>
    </section>
  );
}
