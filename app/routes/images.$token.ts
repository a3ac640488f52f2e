import type { LoaderFunctionArgs } from "@remix-run/node";

/**
 * GET images/:token: a portrait by its unguessable name. Kept by browsers for an hour and by nobody in between, so that a
 * photo that was forgotten is gone.
 */
export const loader = async ({ params, context: { house } }: LoaderFunctionArgs): Promise<Response> => {
  const image = await house.portraits.image(params.token ?? "");
  if (image === undefined) return new Response(null, { status: 404, headers: { "Cache-Control": "no-store" } });
  return new Response(new Uint8Array(image.bytes), {
    headers: {
      "Content-Type": image.contentType,
      "Cache-Control": "private, max-age=3600",
      "Content-Disposition": "inline",
      "Cross-Origin-Resource-Policy": "cross-origin",
      "Access-Control-Allow-Origin": "*",
      "X-Content-Type-Options": "nosniff",
    },
  });
};
