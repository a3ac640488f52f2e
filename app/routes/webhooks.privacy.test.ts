import { createHmac } from "node:crypto";
import type { ActionFunctionArgs } from "@remix-run/node";
import { describe, expect, it } from "vitest";
import { createWebhooks } from "#app/http/webhooks.ts";
import type { House } from "#app/house.ts";
import { createMemoryWebhookDeliveries } from "#test/builders/memory-webhook-deliveries.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import * as uninstalled from "./webhooks.app.uninstalled.ts";
import * as dataRequest from "./webhooks.customers.data_request.ts";
import * as customerRedact from "./webhooks.customers.redact.ts";
import * as shopRedact from "./webhooks.shop.redact.ts";

const shop = "tidewater-paws.myshopify.com";

/** A house with webhooks and a privacy that only writes down what it was asked. */
function openHouse() {
  const asked: [string, unknown][] = [];
  const note = (story: string) => async (who: unknown) => void asked.push([story, who]);
  const clock = { nowMs: () => 0, now: () => new Date(0) };
  const deliveries = createMemoryWebhookDeliveries();
  const webhooks = createWebhooks({ apiSecrets: ["hush"], deliveries, clock, log: quietLog().log });
  const privacy = {
    uninstalled: note("uninstalled"),
    exportCustomer: note("exportCustomer"),
    forgetCustomer: note("forgetCustomer"),
    forgetShop: note("forgetShop"),
  };
  return { house: { webhooks, privacy } as unknown as House, asked };
}

async function knock(action: (args: ActionFunctionArgs) => Promise<Response>, topic: string, payload: unknown) {
  const { house, asked } = openHouse();
  const body = JSON.stringify(payload);
  const headers = {
    "x-shopify-hmac-sha256": createHmac("sha256", "hush").update(body).digest("base64"),
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": shop,
    "x-shopify-webhook-id": "one",
  };
  const request = new Request(`https://app.example/webhooks/${topic}`, { method: "POST", headers, body });
  const { status } = await action({ request, params: {}, context: { house } });
  return { status, asked };
}

const customer = { id: 207119551, email: "someone@example.com", phone: null };

describe("the webhooks' doors", () => {
  it("app/uninstalled ends the shop's sessions", async () => {
    const payload = { id: 1, myshopify_domain: shop, domain: "paws.example", name: "Tidewater Paws" };
    expect(await knock(uninstalled.action, "app/uninstalled", payload)).toEqual({
      status: 200,
      asked: [["uninstalled", shop]],
    });
  });

  it("customers/data_request writes down what there is of the customer", async () => {
    const payload = { shop_id: 1, shop_domain: shop, customer, orders_requested: [1], data_request: { id: 9999 } };
    const asked = [["exportCustomer", { shop, customerId: "207119551", orderIds: ["1"] }]];
    expect(await knock(dataRequest.action, "customers/data_request", payload)).toEqual({ status: 200, asked });
  });

  it("customers/redact forgets the customer, and takes nothing of them but their id", async () => {
    const payload = { shop_id: 1, shop_domain: shop, customer, orders_to_redact: [299938, 280263] };
    const asked = [["forgetCustomer", { shop, customerId: "207119551", orderIds: ["299938", "280263"] }]];
    expect(await knock(customerRedact.action, "customers/redact", payload)).toEqual({ status: 200, asked });
  });

  it("shop/redact forgets the shop", async () => {
    const payload = { shop_id: 1, shop_domain: shop };
    expect(await knock(shopRedact.action, "shop/redact", payload)).toEqual({
      status: 200,
      asked: [["forgetShop", shop]],
    });
  });

  it.each([
    ["no shop in what is signed", shopRedact.action, "shop/redact", { shop_id: 1 }],
    ["no customer", customerRedact.action, "customers/redact", { shop_domain: shop }],
    [
      "a customer without a number",
      dataRequest.action,
      "customers/data_request",
      { shop_domain: shop, customer: { id: "c:1 s:2" } },
    ],
  ])("with %s do nothing and answer 400", async (_, action, topic, payload) => {
    expect(await knock(action, topic, payload)).toEqual({ status: 400, asked: [] });
  });

  it("answer a visitor who only looks with 405", () => {
    for (const door of [uninstalled, dataRequest, customerRedact, shopRedact]) expect(door.loader().status).toBe(405);
  });
});
