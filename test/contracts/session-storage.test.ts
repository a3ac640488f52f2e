import { Session } from "@shopify/shopify-api";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { databaseOn, openServer, type Database } from "#app/adapters/prisma/open-database.ts";
import { readConfig } from "#app/config.server.ts";
import { createShopify } from "#app/shopify.server.ts";
import { createServerDatabase } from "#test/builders/databases.ts";
import { until } from "#test/builders/quick-house.ts";
import { startRelay, type Relay } from "#test/builders/relay.ts";
import { testSecret, testShop as shop } from "#test/builders/storefront.ts";
import { mintSessionToken } from "#test/shopify/session-token.ts";

const busy = { name: "AppError", code: "busy", kind: "unavailable" };
const config = readConfig({ SHOPIFY_API_SECRET: testSecret });

/** A merchant's session as a token exchange leaves it. */
const session = new Session({
  id: `offline_${shop}`,
  shop,
  state: "",
  isOnline: false,
  scope: config.shopify.scopes.join(","),
  accessToken: "shpat_1",
  expires: new Date("2100-01-01"),
  refreshToken: "shprt_1",
  refreshTokenExpires: new Date("2100-02-01"),
});

describe.skipIf(inject("postgresUrl") === null)("sessions of merchants", () => {
  let line: Relay;
  let database: Database;
  beforeAll(async () => {
    const url = new URL(await createServerDatabase());
    line = await startRelay(url.host);
    url.host = line.host;
    database = databaseOn(openServer(url.href, 5), { embedded: false, unlock: async () => undefined });
  });
  beforeEach(() => {
    line.stop();
    vi.spyOn(console, "log").mockImplementation(() => undefined);
  });
  afterEach(async () => {
    line.resume();
    await until(() => database.isAnswering());
  });
  afterAll(async () => {
    await database.close();
    await line.close();
  });

  const isBack = async () => {
    line.resume();
    await until(() => database.isAnswering());
  };

  it("are refused for ever by Shopify's storage as it comes, where the database is away at its start", async () => {
    const storage = new PrismaSessionStorage(database.prisma, { connectionRetryIntervalMs: 1 });
    await expect(storage.loadSession(session.id)).rejects.toThrow("table does not exist");
    await isBack();
    await expect(storage.loadSession(session.id)).rejects.toThrow("table does not exist");
  });

  it("are busy meanwhile and there again with the database, without a new start", async () => {
    const { sessionStorage, authenticate } = createShopify({ config, prisma: database.prisma });
    const token = mintSessionToken({ shop, apiKey: config.shopify.apiKey, apiSecret: testSecret });
    const enter = () =>
      authenticate.admin(
        new Request(`${config.appUrl}/app?shop=${shop}`, { headers: { Authorization: `Bearer ${token}` } }),
      );
    await expect(sessionStorage.loadSession(session.id)).rejects.toMatchObject(busy);
    await expect(enter()).rejects.toMatchObject(busy);
    await isBack();
    await sessionStorage.storeSession(session);
    expect((await enter()).session).toMatchObject({ shop, accessToken: "shpat_1", refreshToken: "shprt_1" });
    expect(await sessionStorage.findSessionsByShop(shop)).toHaveLength(1);
    await sessionStorage.deleteSessions([session.id]);
    expect(await sessionStorage.loadSession(session.id)).toBeUndefined();
  });
});
