import { createHmac } from "node:crypto";
import type { Clock } from "#app/kernel/clock.ts";
import { failed, ok, type Check, type Looked } from "./finding.ts";

/**
 * Calls the app at its public address as Shopify would, and as somebody would who cannot sign. Together they prove that
 * address, secret and clock fit, and that the door is shut. Nothing is left behind: the session is of a shop that there
 * is not, and the webhook is signed well but has nothing in it.
 */
export type AppAddress = { appUrl: string; apiSecret: string; clock: Clock };

const shop = "doctor-is-looking.myshopify.com";

export function appChecks(app: AppAddress): Check[] {
  return [
    { name: "health", look: (signal) => health(app, signal) },
    { name: "app proxy, signed", look: async (signal) => proxyLetsIn(await callProxy(app, app.apiSecret, signal)) },
    { name: "app proxy, forged", look: async (signal) => keptOut(await callProxy(app, "a forger's", signal)) },
    { name: "webhook, signed", look: async (signal) => webhookIsRead(await callWebhook(app, app.apiSecret, signal)) },
    { name: "webhook, forged", look: async (signal) => keptOut(await callWebhook(app, "a forger's", signal)) },
  ];
}

async function health({ appUrl }: AppAddress, signal: AbortSignal): Promise<Looked> {
  const { status } = await fetch(`${appUrl}/health`, { signal, redirect: "manual" });
  if (status === 200) return ok(`${appUrl} takes work`);
  if (status === 503) return failed("the app answers 503", "It cannot reach its database: see the finding on that.");
  return failed(
    `${appUrl}/health answers ${status}`,
    "Something else answers at SHOPIFY_APP_URL. Name the app's address.",
  );
}

async function callProxy({ appUrl, clock }: AppAddress, secret: string, signal: AbortSignal): Promise<number> {
  const query = {
    logged_in_customer_id: "",
    path_prefix: "/apps/pet-portraits",
    shop,
    timestamp: String(Math.floor(clock.nowMs() / 1000)),
  };
  const text = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  const signature = createHmac("sha256", secret).update(text.join("")).digest("hex");
  const parameters = new URLSearchParams({ ...query, signature }).toString();
  return statusOf(fetch(`${appUrl}/proxy/session?${parameters}`, { signal, redirect: "manual" }));
}

async function callWebhook({ appUrl }: AppAddress, secret: string, signal: AbortSignal): Promise<number> {
  // Its signature is looked at first; then there is no payload in it, so nothing is done.
  const body = "[]";
  const headers = {
    "Content-Type": "application/json",
    "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body).digest("base64"),
    "X-Shopify-Topic": "app/uninstalled",
    "X-Shopify-Shop-Domain": shop,
    "X-Shopify-Webhook-Id": "doctor",
  };
  return statusOf(
    fetch(`${appUrl}/webhooks/app/uninstalled`, { method: "POST", body, headers, signal, redirect: "manual" }),
  );
}

async function statusOf(calling: Promise<Response>): Promise<number> {
  const response = await calling;
  await response.body?.cancel();
  return response.status;
}

const otherSecret =
  "The running app has another SHOPIFY_API_SECRET than this configuration, or its clock is wrong. Shopify signs with the client secret of the app's settings: both must have that one.";

function proxyLetsIn(status: number): Looked {
  if (status === 200) return ok("a shopper is let in");
  if (status === 401) return failed("a well signed call is refused (401)", otherSecret);
  return failed(`a well signed call is answered ${status}`, elsewhere(status));
}

function webhookIsRead(status: number): Looked {
  if (status === 400) return ok("its signature is accepted");
  if (status === 401) return failed("a well signed webhook is refused (401)", otherSecret);
  return failed(`a well signed webhook is answered ${status}`, elsewhere(status));
}

function keptOut(status: number): Looked {
  if (status === 401) return ok("a forger is kept out (401)");
  if (status < 400)
    return failed(`a forger is let in (${status})`, "Take the app off the network: it checks no signature.");
  return failed(`a forger is answered ${status} instead of 401`, elsewhere(status));
}

const elsewhere = (status: number): string =>
  status >= 500
    ? "Read the app's log of this minute."
    : "Something in front of the app answers, or changes what it is asked. SHOPIFY_APP_URL must lead to the app unchanged.";
