import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { numbersIn, onlyPost, webhookPayload } from "#app/http/webhooks.ts";

export const loader = onlyPost;

export const action = ({ request, context: { house } }: ActionFunctionArgs) =>
  house.webhooks.receive(request, "customers/redact", async ({ shop, payload }) => {
    const { customer, orders_to_redact } = webhookPayload(schema, payload);
    const orderIds = numbersIn(orders_to_redact);
    await house.privacy.forgetCustomer({ shop, customerId: String(customer.id), orderIds });
  });

const schema = z.object({
  shop_domain: z.string(),
  customer: z.object({ id: z.int().positive() }),
  orders_to_redact: z.array(z.unknown()).default([]),
});
