import { Readable } from "node:stream";
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node";

/** A request's receipt, or a customer's data, as a file. Only the shop's own; any other id is not there. */
export async function loader({ request, params, context: { house } }: LoaderFunctionArgs): Promise<Response> {
  const { session } = await house.shopify.authenticate.admin(request);
  const id = params.id ?? "";
  const document = await house.privacy.document(session.shop, id);
  if (document === undefined) return new Response(null, { status: 404, headers: { "Cache-Control": "no-store" } });
  return new Response(createReadableStreamFromReadable(Readable.from(document)), {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="pet-portraits-${id}.json"`,
      "Cache-Control": "no-store",
    },
  });
}
