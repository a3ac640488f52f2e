import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { onlyPost, webhookPayload } from "#app/http/webhooks.ts";

export const loader = onlyPost;

export const action = ({ request, context: { house } }: ActionFunctionArgs) =>
  house.webhooks.receive(request, "customers/data_request", async ({ shop, payload }) => {
    const { customer } = webhookPayload(schema, payload);
    await house.privacy.exportCustomer({ shop, customerId: String(customer.id) });
  });

const schema = z.object({ shop_domain: z.string(), customer: z.object({ id: z.int().positive() }) });
