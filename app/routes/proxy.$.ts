import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { closedDoor } from "#app/http/storefront-door.ts";

/** Every other address under the app proxy: nothing is here, and an unsigned request is not even told that. */
export const loader = ({ request, context: { house } }: LoaderFunctionArgs): Promise<Response> =>
  closedDoor(house, request, 404);
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> =>
  closedDoor(house, request, 404);
