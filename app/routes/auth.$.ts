import type { LoaderFunctionArgs } from "@remix-run/node";

/**
 * The library's own pages: the bounce page that fetches a session token, and the way out of the frame. It trusts their
 * parameters so far that a bad one ends in a 500, so they are looked at first; there is nothing else under this path.
 */
export async function loader({ request, params, context: { house } }: LoaderFunctionArgs): Promise<Response | null> {
  const { searchParams } = new URL(request.url);
  const page = params["*"] ?? "";
  if (page !== "session-token" && page !== "exit-iframe") return new Response(null, { status: 404 });
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(searchParams.get("shop") ?? ""))
    return new Response(null, { status: 400 });
  if (page === "exit-iframe" && !leadsHome(searchParams.get("exitIframe"), house.config.appUrl)) {
    return new Response(null, { status: 400 });
  }
  await house.shopify.authenticate.admin(request);
  return null;
}

/** We only ever leave the frame for a page of our own. */
function leadsHome(destination: string | null, appUrl: string): boolean {
  if (destination === null) return false;
  const url = URL.parse(destination, appUrl);
  return url !== null && url.origin === new URL(appUrl).origin;
}
