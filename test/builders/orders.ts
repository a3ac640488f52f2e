import { sendWebhook } from "#test/shopify/webhooks.ts";
import { testSecret, testShop } from "./storefront.ts";

let number = 1000;

/**
 * Places an order for these portraits, as Shopify tells of it.
 *
 * @param order - as an order before, to be told of once more
 */
export async function placeOrder(
  appUrl: string,
  portraitIds: readonly string[],
  order: { shop?: string; number?: number; delivery?: string } = {},
): Promise<{ status: number; number: number }> {
  const { shop = testShop, number: given = (number += 1), delivery: id } = order;
  const payload = {
    id: 5_500_000_000 + given,
    name: `#${given}`,
    line_items: portraitIds.map((portraitId, line) => ({
      id: given * 100 + line,
      properties: [
        { name: "Style", value: "Ink wash" },
        { name: "_pet_portrait_id", value: portraitId },
      ],
    })),
  };
  const options = { appUrl, secret: testSecret, shop, ...(id === undefined ? {} : { id }) };
  const { status } = await sendWebhook("orders/create", payload, options);
  return { status, number: given };
}
