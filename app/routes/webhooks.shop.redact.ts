import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { onlyPost, webhookPayload } from "#app/http/webhooks.ts";

export const loader = onlyPost;

export const action = ({ request, context: { house } }: ActionFunctionArgs) =>
  house.webhooks.receive(request, "shop/redact", async ({ shop, payload }) => {
    webhookPayload(schema, payload);
    await house.privacy.forgetShop(shop);
  });

/** Without the shop in what is signed, only a header would say whose data is to go. */
const schema = z.object({ shop_domain: z.string() });
