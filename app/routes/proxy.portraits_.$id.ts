import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import type { House } from "#app/house.ts";
import { portraitJson, quotaJson } from "#app/http/portrait-json.ts";
import { json } from "#app/http/respond.ts";
import type { PortraitAnswer, PortraitPollAnswer } from "#app/http/storefront-api.ts";
import { closedDoor, storefrontDoor } from "#app/http/storefront-door.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";

/** GET portraits/:id: how it stands, waiting up to `wait_ms` for news. */
export const loader = ({ request, params, context: { house } }: LoaderFunctionArgs): Promise<Response> =>
  storefrontDoor(house, request, async ({ shopper, waitMs }) => {
    const portrait = await house.portraits.watch(shopper, { id: params.id ?? "", waitMs, signal: request.signal });
    const body: PortraitPollAnswer = {
      portrait: await shown(house, portrait),
      quota: quotaJson(await house.quota(shopper)),
    };
    return json(body);
  });

/** DELETE portraits/:id: cancel what is not ready, take what is ready off the list. */
export const action = ({ request, params, context: { house } }: ActionFunctionArgs): Promise<Response> => {
  if (request.method !== "DELETE") return closedDoor(house, request, 405);
  return storefrontDoor(house, request, async ({ shopper }) => {
    const body: PortraitAnswer = {
      portrait: await shown(house, await house.portraits.cancel(shopper, params.id ?? "")),
    };
    return json(body);
  });
};

async function shown(house: House, portrait: PortraitRecord) {
  return portraitJson(portrait, {
    pictures: house.config,
    estimateMs: await house.portraits.estimateMs(portrait),
  });
}
