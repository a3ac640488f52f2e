import { Card, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { formatMicroUsd } from "#app/kernel/money.ts";
import type { UsageFigures } from "#app/ledger/usage-report.ts";
import { averagePrice, cacheSavings, hitShare } from "./cache-savings.ts";
import { LocalTime } from "./local-time.tsx";

/**
 * The running UTC day in five figures. `null` stands for figures that could not be read, `undefined` for figures that are
 * on their way: all three take the same room.
 */
export function TodaysFigures({
  figures,
  dayEndsAtMs,
}: {
  figures: UsageFigures | null | undefined;
  dayEndsAtMs: number;
}) {
  return (
    <Card padding="0">
      <dl className="figures" aria-busy={figures === undefined}>
        {entries(figures).map((entry) => (
          <Figure key={entry.label} {...entry} waiting={figures === undefined} />
        ))}
      </dl>
      <div className="figures__note">
        <Text as="p" variant="bodySm" tone="subdued">
          {figures === null && "Today's figures could not be read. Reload the page in a moment. "}
          Counted by the UTC day, which ends at 00:00 UTC <LocalTime atMs={dayEndsAtMs} />
        </Text>
      </div>
    </Card>
  );
}

type Entry = { label: string; value: string; detail: ReactNode };

function entries(figures: UsageFigures | null | undefined): Entry[] {
  if (figures === undefined || figures === null) {
    return ["Portraits", "From the cache", "Painter calls", "Cost", "Added to cart"].map((label) => ({
      label,
      value: "–",
      detail: null,
    }));
  }
  const price = averagePrice(figures);
  return [
    { label: "Portraits", value: count(figures.portraits), detail: failures(figures.failedPortraits) },
    { label: "From the cache", value: count(figures.cacheHits), detail: cacheDetail(figures) },
    { label: "Painter calls", value: count(figures.painterCalls), detail: failures(figures.failedPainterCalls) },
    {
      label: "Cost",
      value: formatMicroUsd(figures.costMicroUsd),
      detail: price === null ? null : `${formatMicroUsd(price)} a painting`,
    },
    { label: "Added to cart", value: count(figures.addedToCart), detail: `${count(figures.ordered)} ordered` },
  ];
}

function cacheDetail(figures: UsageFigures): string {
  const share = hitShare(figures);
  const savings = cacheSavings(figures);
  if (share === null) return "no portraits yet";
  return savings === null ? `${share}% of portraits` : `${share}%, saved about ${formatMicroUsd(savings)}`;
}

const count = (value: number): string => value.toLocaleString("en");

function failures(failed: number): ReactNode {
  if (failed === 0) return "none failed";
  return (
    <Text as="span" tone="critical">
      {count(failed)} failed
    </Text>
  );
}

function Figure({ label, value, detail, waiting }: Entry & { waiting: boolean }) {
  return (
    <div className="figures__figure">
      <dt>
        <Text as="span" variant="bodySm" tone="subdued">
          {label}
        </Text>
      </dt>
      <dd className="figures__value">
        {waiting ? (
          <span className="figures__waiting" />
        ) : (
          <Text as="span" variant="headingLg" numeric>
            {value}
          </Text>
        )}
      </dd>
      <dd className="figures__detail">
        <Text as="span" variant="bodySm" tone="subdued">
          {detail}
        </Text>
      </dd>
    </div>
  );
}
