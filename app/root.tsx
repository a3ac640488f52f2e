import { Links, Meta, Outlet, Scripts, ScrollRestoration, useMatches, useRouteError } from "@remix-run/react";
import type { ReactNode } from "react";
import { AdminError } from "#app/ui/admin-error.tsx";

/** The document around every page. */
export function Layout({ children }: { children: ReactNode }) {
  const embedded = useEmbeddedPage();
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="preconnect" href="https://cdn.shopify.com/" />
        <link rel="stylesheet" href="https://cdn.shopify.com/static/fonts/inter/v4/styles.css" />
        <Meta />
        <Links />
        {/*
          The first script of an embedded page, and on no other: outside of the admin it would send the visitor there.
          Last in the head, because it puts elements of its own behind itself and React must find ours where it left them.
        */}
        {embedded !== undefined && <script src={embedded.appBridgeUrl} data-api-key={embedded.apiKey} />}
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <AdminError error={useRouteError()} />;
}

type EmbeddedPage = { apiKey: string; appBridgeUrl: string };

/** What the layout of the admin (routes/app.tsx) has loaded; undefined on every other page. */
function useEmbeddedPage(): EmbeddedPage | undefined {
  const layout = useMatches().find((match) => match.id === "routes/app");
  return layout?.data as EmbeddedPage | undefined;
}
