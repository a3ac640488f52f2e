import type { Hono } from "hono";
import { sendWebhook } from "../webhooks.ts";
import type { Cart, CartStore } from "./cart.ts";
import { plainPage, themeTranslate, type Storefront } from "./pages.ts";
import { readVisit, type Visit } from "./visit.ts";

/** A checkout without money: placing the order empties the cart and tells the app, as `orders/create` does. */

type CheckoutDoors = {
  storefront: Storefront;
  carts: CartStore;
  facts: { appUrl: string; apiSecret: string; shop: string };
};

export function addCheckoutDoors(app: Hono, { storefront, carts, facts }: CheckoutDoors): void {
  let orderNumber = 1000;
  app.get("/checkout", async (c) => {
    const visit = readVisit(c, carts);
    return c.html(await checkoutPage(storefront, visit));
  });
  app.post("/checkout", async (c) => {
    const visit = readVisit(c, carts);
    if (visit.cart.lines.length === 0) return c.redirect("/cart", 302);
    orderNumber += 1;
    const order = orderPayload(visit, orderNumber);
    const { appUrl, apiSecret: secret, shop } = facts;
    const answer = await sendWebhook("orders/create", order, { appUrl, secret, shop }).catch(() => undefined);
    visit.cart.lines.length = 0;
    const app_answer = answer ? String(answer.status) : "–";
    return c.html(await checkoutPage(storefront, visit, { ordered: true, order_name: order.name, app_answer }));
  });
}

function checkoutPage(storefront: Storefront, visit: Visit, more: object = {}): Promise<string> {
  const page_title = themeTranslate(storefront, visit)("cart.checkout");
  return plainPage(storefront, visit, "checkout", { page_title, ...more });
}

/** The fields that shopify.app.toml subscribes to, and no others: Shopify leaves out what was not asked for. */
function orderPayload({ cart }: Visit, number: number) {
  const id = 5_500_000_000 + number;
  const items = cart.lines.map((line, index) => ({ id: id * 100 + index, properties: propertiesOf(line) }));
  return { id, name: `#${number}`, line_items: items };
}

const propertiesOf = ({ properties }: Cart["lines"][number]) =>
  Object.entries(properties).map(([name, value]) => ({ name, value: String(value ?? "") }));
