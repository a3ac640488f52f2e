import type { ActionFunctionArgs } from "@remix-run/node";
import { onlyPost } from "#app/http/webhooks.ts";

export const loader = onlyPost;

/** The shop's access tokens are dead by now: nothing here may call Shopify. */
export const action = ({ request, context: { house } }: ActionFunctionArgs) =>
  house.webhooks.receive(request, "app/uninstalled", ({ shop }) => house.privacy.uninstalled(shop));
