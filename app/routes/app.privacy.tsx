import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { AdminError } from "#app/ui/admin-error.tsx";
import { PrivacyRequests } from "#app/ui/privacy-requests.tsx";

export async function loader({ request, context: { house } }: LoaderFunctionArgs) {
  const { session } = await house.shopify.authenticate.admin(request);
  return { requests: await house.privacy.requests(session.shop) };
}

export default function PrivacyPage() {
  const { requests } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Privacy"
      subtitle="What shoppers and customers asked for, and the receipts of what was done"
      backAction={{ content: "Home", url: "/app" }}
    >
      <PrivacyRequests requests={requests} documentUrl={(id) => `/app/privacy/${id}`} />
    </Page>
  );
}

export function ErrorBoundary() {
  return <AdminError error={useRouteError()} />;
}

export const headers: HeadersFunction = (of) => boundary.headers(of);
