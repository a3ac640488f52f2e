import type { HeadersFunction, LinksFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData, useRouteError } from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import adminStyles from "#app/ui/admin.css?url";
import { AdminError } from "#app/ui/admin-error.tsx";
import { AdminFrame } from "#app/ui/admin-frame.tsx";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: polarisStyles },
  { rel: "stylesheet", href: adminStyles },
];

/** The merchant is proven here, and again by every page below: each can be asked for alone. */
export async function loader({ request, context: { house } }: LoaderFunctionArgs) {
  await house.shopify.authenticate.admin(request);
  return { apiKey: house.config.shopify.apiKey, appBridgeUrl: house.shopify.appBridgeUrl };
}

export default function AdminLayout() {
  const { apiKey } = useLoaderData<typeof loader>();
  // App Bridge itself is in the document's head, see root.tsx.
  return (
    <AppProvider isEmbeddedApp={false} apiKey={apiKey}>
      <AdminFrame>
        <Outlet />
      </AdminFrame>
    </AppProvider>
  );
}

export function ErrorBoundary() {
  return <AdminError error={useRouteError()} />;
}

export const headers: HeadersFunction = (of) => boundary.headers(of);
