import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { onlyPost, webhookPayload } from "#app/http/webhooks.ts";

export const loader = onlyPost;

/**
 * The payload names no shop, so that of the delivery's header counts, which is not signed. It decides nothing: a portrait's
 * id is unguessable and belongs to one shop, and under another one's name there is no such portrait.
 */
export const action = ({ request, context: { house } }: ActionFunctionArgs) =>
  house.webhooks.receive(request, "orders/create", ({ shop, payload }) => {
    const { id, name, line_items: items } = webhookPayload(schema, payload);
    const lines = items.map((item) => ({ id: String(item.id), properties: item.properties }));
    return house.orders.take({ shop, id: String(id), name: name ?? String(id), lines });
  });

/** Of a line only what `include_fields` in shopify.app.toml asks for. */
const schema = z.object({
  id: z.int().positive(),
  name: z.string().max(255).nullish(),
  line_items: z.array(z.object({ id: z.int().positive(), properties: z.unknown() })),
});
