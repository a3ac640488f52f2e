import { redirect, type LoaderFunctionArgs } from "@remix-run/node";

/**
 * The app's own address. Shopify opens it with the shop in the query and everything the admin needs to sign the merchant
 * in; anybody else is told where to go.
 */
export function loader({ request }: LoaderFunctionArgs): Response {
  const { search, searchParams } = new URL(request.url);
  return redirect(searchParams.has("shop") ? `/app${search}` : "/auth/login");
}
