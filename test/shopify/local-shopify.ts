import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { addDoors } from "./doors.ts";
import { sendWebhook, type SendWebhookOptions } from "./webhooks.ts";

/**
 * The local Shopify: one HTTP server that stands in for a shop's storefront, its app proxy, its admin and its webhooks,
 * for the preview, the browser tests and the journeys. It signs whatever it is asked to sign, so it listens on this
 * machine only and refuses to exist in production.
 */

export type LocalShopifyOptions = {
  /** 0 takes a free port. */
  port: number;
  /** Where the app answers; no slash at the end. */
  appUrl: string;
  apiKey: string;
  apiSecret: string;
  shop?: string;
  log?: (line: string) => void;
  /** After how long the app proxy gives up; Shopify's is about 30 s. */
  proxyTimeoutMs?: number;
  /** Where previews lie and browsers send photos, when that is not the app. */
  storageUrl?: string;
  /** The theme app extension whose block is shown; ours, unless told. */
  extensionFolder?: string;
};

export type LocalShopify = {
  url: string;
  shop: string;
  sendWebhook(topic: string, payload: unknown, options?: Partial<SendWebhookOptions>): Promise<Response>;
  close(): Promise<void>;
};

export const defaultShop = "paws-and-paper.myshopify.com";
const host = "127.0.0.1";
const ownExtension = fileURLToPath(new URL("../../extensions/pet-processor", import.meta.url));

/**
 * Starts a local Shopify.
 *
 * @throws Error in production, and when the port is taken
 */
export async function createLocalShopify(options: LocalShopifyOptions): Promise<LocalShopify> {
  if (process.env.NODE_ENV === "production") {
    throw new Error("The local Shopify signs anything for anybody: it cannot run with NODE_ENV=production.");
  }
  const shop = options.shop ?? defaultShop;
  const server = createServer();
  await listening(server, options.port);
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const app = addDoors({
    ...options,
    shop,
    url,
    log: options.log ?? (() => undefined),
    proxyTimeoutMs: options.proxyTimeoutMs ?? 30_000,
    extensionFolder: options.extensionFolder ?? ownExtension,
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  server.on("request", (incoming, outgoing) => void listener(incoming, outgoing));
  const { appUrl, apiSecret: secret } = options;
  return Object.freeze({
    url,
    shop,
    sendWebhook: (topic, payload, changes) => sendWebhook(topic, payload, { appUrl, secret, shop, ...changes }),
    close: () => closed(server),
  } satisfies LocalShopify);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === "EADDRINUSE";
      reject(isBusy ? new Error(`Port ${port} is taken. Choose another with SHOP_PORT.`, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
