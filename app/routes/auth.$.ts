import type { LoaderFunctionArgs } from "@remix-run/node";

/** The library's own pages: the bounce page that fetches a session token, and the way out of the frame. */
export async function loader({ request, context: { house } }: LoaderFunctionArgs): Promise<null> {
  await house.shopify.authenticate.admin(request);
  return null;
}
