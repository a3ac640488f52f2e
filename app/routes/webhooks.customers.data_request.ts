import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { numbersIn, onlyPost, webhookPayload } from "#app/http/webhooks.ts";

export const loader = onlyPost;

export const action = ({ request, context: { house } }: ActionFunctionArgs) =>
  house.webhooks.receive(request, "customers/data_request", async ({ shop, payload }) => {
    const { customer, orders_requested: orders } = webhookPayload(schema, payload);
    await house.privacy.exportCustomer({ shop, customerId: String(customer.id), orderIds: numbersIn(orders) });
  });

const schema = z.object({
  shop_domain: z.string(),
  customer: z.object({ id: z.int().positive() }),
  orders_requested: z.array(z.unknown()).default([]),
});
