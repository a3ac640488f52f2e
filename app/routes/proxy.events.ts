import type { ActionFunctionArgs } from "@remix-run/node";
import { readJson } from "#app/http/read-json.ts";
import { parseBody } from "#app/http/parse-body.ts";
import { noContent } from "#app/http/respond.ts";
import { eventSchema } from "#app/http/storefront-api.ts";
import { closedDoor, storefrontDoor } from "#app/http/storefront-door.ts";
import { ownerOf } from "#app/kernel/shopper.ts";

/** POST events: something happened in the widget that the merchant counts. */
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> => {
  if (request.method !== "POST") return closedDoor(house, request, 405);
  return storefrontDoor(house, request, async ({ shopper, key }) => {
    const { value } = await readJson(request);
    const event = parseBody(eventSchema, value);
    const { shop } = shopper;
    const seen = { shop, shopper: ownerOf(shopper), name: event.name, portraitId: event.portrait_id ?? null };
    await house.events.record(seen, key);
    return noContent();
  });
};
