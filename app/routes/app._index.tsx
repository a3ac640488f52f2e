import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Await, useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { Suspense } from "react";
import { AdminError } from "#app/ui/admin-error.tsx";
import { NewestPortraits, NewestPortraitsWaiting } from "#app/ui/newest-portraits.tsx";
import { PreviewBanner } from "#app/ui/preview-banner.tsx";
import { addBlockUrl, productTemplateUrl } from "#app/ui/theme-block.ts";
import { ThemeBlockCard } from "#app/ui/theme-block-card.tsx";
import { utcDayName, utcToday } from "#app/ui/time.ts";
import { TodaysFigures } from "#app/ui/todays-figures.tsx";
import { useBlockPlacement } from "#app/ui/use-block-placement.ts";

/** The file name of our block in extensions/pet-processor/blocks. */
const blockHandle = "pet-processor";
const shownPortraits = 12;

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
    drawnByUs: house.config.painter.kind === "preview",
    figures: house.usage.since(session.shop, utcToday(nowMs).startsAtMs).catch(orNull),
    portraits: house.usage.newestPortraits(session.shop, shownPortraits).catch(orNull),
  };
}

export default function Home() {
  const { shop, apiKey, appUrl, nowMs, drawnByUs, figures, portraits } = useLoaderData<typeof loader>();
  const placement = useBlockPlacement(blockHandle);
  const addUrl = addBlockUrl(shop, apiKey, blockHandle);
  const dayEndsAtMs = utcToday(nowMs).endsAtMs;
  return (
    <Page title="Today" subtitle={utcDayName(nowMs)}>
      <BlockStack gap="400">
        {drawnByUs && <PreviewBanner />}
        <ThemeBlockCard placement={placement} addUrl={addUrl} editorUrl={productTemplateUrl(shop)} />
        <Suspense fallback={<TodaysFigures figures={undefined} dayEndsAtMs={dayEndsAtMs} />}>
          <Await resolve={figures}>{(read) => <TodaysFigures figures={read} dayEndsAtMs={dayEndsAtMs} />}</Await>
        </Suspense>
        <Suspense fallback={<NewestPortraitsWaiting tiles={shownPortraits} />}>
          <Await resolve={portraits}>
            {(read) => (
              <NewestPortraits
                portraits={read}
                imageUrl={(token) => `${appUrl}/images/${token}`}
                nowMs={nowMs}
                addUrl={addUrl}
                storeUrl={`https://${shop}`}
              />
            )}
          </Await>
        </Suspense>
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <AdminError error={useRouteError()} />;
}

export const headers: HeadersFunction = (of) => boundary.headers(of);
