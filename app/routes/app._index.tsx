import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Await, useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { Suspense } from "react";
import type { PortraitSummary } from "#app/ledger/usage-report.ts";
import { AdminError } from "#app/ui/admin-error.tsx";
import { BudgetBanner } from "#app/ui/budget-banner.tsx";
import { BudgetCard } from "#app/ui/budget-card.tsx";
import { KeepFresh } from "#app/ui/keep-fresh.tsx";
import { NewestPortraits, NewestPortraitsWaiting } from "#app/ui/newest-portraits.tsx";
import { OrdersBanner } from "#app/ui/orders-banner.tsx";
import { PreviewBanner } from "#app/ui/preview-banner.tsx";
import { addBlockUrl, productTemplateUrl } from "#app/ui/theme-block.ts";
import { ThemeBlockCard } from "#app/ui/theme-block-card.tsx";
import { utcDayName, utcToday } from "#app/ui/time.ts";
import { TodaysFigures } from "#app/ui/todays-figures.tsx";
import { useBlockPlacement } from "#app/ui/use-block-placement.ts";

/** The file name of our block in extensions/pet-processor/blocks. */
const blockHandle = "pet-processor";
const shownPortraits = 12;
/** An order that could not be painted is told of for a month; by then it is finished or called off. */
const ordersToldOfForMs = 30 * 24 * 60 * 60_000;
const mostOrdersRead = 20;

/**
 * The figures and the portraits are sent when they have been counted; the page does not wait for them, and a count that
 * fails leaves the rest of the page standing.
 */
export async function loader({ request, context: { house } }: LoaderFunctionArgs) {
  const { session } = await house.shopify.authenticate.admin(request);
  const nowMs = house.clock.nowMs();
  const orNull = (error: unknown) => {
    house.log.error("admin.home_incomplete", { shop: session.shop, error });
    return null;
  };
  return {
    shop: session.shop,
    apiKey: house.config.shopify.apiKey,
    appUrl: house.config.appUrl,
    nowMs,
    usualRemover: house.usualRemover,
    drawnByUs: house.config.painter.kind === "preview",
    budget: house.budgetOf(session.shop).catch(orNull),
    figures: house.usage.since(session.shop, utcToday(nowMs).startsAtMs).catch(orNull),
    portraits: house.usage.newestPortraits(session.shop, shownPortraits).catch(orNull),
    unpainted: house.usage
      .unpaintedOrders(session.shop, { sinceMs: nowMs - ordersToldOfForMs, limit: mostOrdersRead })
      .catch(orNull),
  };
}

export default function Home() {
  const { shop, apiKey, appUrl, nowMs, usualRemover, drawnByUs, ...awaited } = useLoaderData<typeof loader>();
  const { budget, figures, portraits, unpainted } = awaited;
  const placement = useBlockPlacement(blockHandle);
  const addUrl = addBlockUrl(shop, apiKey, blockHandle);
  const dayEndsAtMs = utcToday(nowMs).endsAtMs;
  return (
    <Page title="Today" subtitle={utcDayName(nowMs)}>
      <BlockStack gap="400">
        <Suspense fallback={null}>
          <Await resolve={unpainted}>{(read) => <OrdersBanner orders={read} />}</Await>
        </Suspense>
        {drawnByUs && <PreviewBanner />}
        <Suspense fallback={null}>
          <Await resolve={budget}>{(read) => <BudgetBanner budget={read} nowMs={nowMs} />}</Await>
        </Suspense>
        <ThemeBlockCard placement={placement} addUrl={addUrl} editorUrl={productTemplateUrl(shop)} />
        <Suspense fallback={<TodaysFigures figures={undefined} dayEndsAtMs={dayEndsAtMs} />}>
          <Await resolve={figures}>{(read) => <TodaysFigures figures={read} dayEndsAtMs={dayEndsAtMs} />}</Await>
        </Suspense>
        <Suspense fallback={<BudgetCard budget={undefined} nowMs={nowMs} />}>
          <Await resolve={budget}>{(read) => <BudgetCard budget={read} nowMs={nowMs} />}</Await>
        </Suspense>
        <Suspense fallback={<NewestPortraitsWaiting tiles={shownPortraits} />}>
          <Await resolve={portraits}>
            {(read) => (
              <>
                <NewestPortraits
                  portraits={read}
                  imageUrl={(token) => `${appUrl}/images/${token}`}
                  nowMs={nowMs}
                  usualRemover={usualRemover}
                  blockIsLive={placement === "live"}
                  storeUrl={`https://${shop}`}
                />
                {isAwaited(read) && <KeepFresh everyMs={8_000} />}
              </>
            )}
          </Await>
        </Suspense>
      </BlockStack>
    </Page>
  );
}

/** The first portrait is, and so is each that is being painted. */
function isAwaited(portraits: PortraitSummary[] | null): boolean {
  if (portraits === null) return false;
  const isOnItsWay = ({ status, orders, isGivenUp }: PortraitSummary) =>
    status === "queued" || status === "making" || (status === "pending" && orders.length > 0 && !isGivenUp);
  return portraits.length === 0 || portraits.some(isOnItsWay);
}

export function ErrorBoundary() {
  return <AdminError error={useRouteError()} />;
}

export const headers: HeadersFunction = (of) => boundary.headers(of);
