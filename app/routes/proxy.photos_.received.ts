import type { ActionFunctionArgs } from "@remix-run/node";
import { notOffered, storefrontDoor } from "#app/http/storefront-door.ts";

/** POST photos/received: ends a direct upload, which a folder does not offer. */
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> =>
  storefrontDoor(house, request, () => Promise.reject(notOffered()));
