import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#app/kernel/clock.ts";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { createQuickPainter, quickRemover } from "#test/builders/painter.ts";
import { testSecret } from "#test/builders/storefront.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { appChecks, type AppAddress } from "./shopify-checks.ts";

let house: TestHouse;
let server: Server | undefined;
beforeAll(async () => {
  house = await openTestHouse({ parts: { painters: [createQuickPainter()], remover: quickRemover } });
});
afterAll(async () => {
  await house.close();
});
afterEach(() => void server?.close());

async function listening(one: Server): Promise<Server> {
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  return one;
}

const urlOf = (one: Server) => `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
const look = (given: Partial<AppAddress> = {}) =>
  examine(appChecks({ appUrl: house.url, apiSecret: testSecret, clock: systemClock, ...given }), {
    deadlineMs: 5_000,
  });
const states = (findings: Finding[]) => Object.fromEntries(findings.map(({ name, state }) => [name, state]));

/** Something at the app's address that is not the app. */
async function answering(status: number, headers: Record<string, string> = {}): Promise<string> {
  server = await listening(createServer((_request, response) => void response.writeHead(status, headers).end("hello")));
  return urlOf(server);
}

describe("calling the app as Shopify would", () => {
  it("finds a running house well, and leaves nothing in it", async () => {
    const before = house.said.length;
    expect(states(await look())).toEqual({
      health: "ok",
      "app proxy, signed": "ok",
      "app proxy, forged": "ok",
      "webhook, signed": "ok",
      "webhook, forged": "ok",
    });
    const said = house.said.slice(before).map(({ event }) => event);
    expect(new Set(said)).toEqual(new Set(["request"]));
  });

  it("finds that the secret is another one", async () => {
    const findings = await look({ apiSecret: "yesterday's" });
    expect(states(findings)).toMatchObject({
      health: "ok",
      "app proxy, signed": "failed",
      "webhook, signed": "failed",
    });
    expect(findings[1]).toMatchObject({ toDo: expect.stringContaining("SHOPIFY_API_SECRET") as string });
  });

  it("finds that a clock is wrong: webhooks carry no time", async () => {
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() - 10 * 60_000 };
    expect(states(await look({ clock }))).toMatchObject({ "app proxy, signed": "failed", "webhook, signed": "ok" });
  });

  it("finds an app that checks nothing", async () => {
    const findings = await look({ appUrl: await answering(200) });
    expect(states(findings)).toMatchObject({ "app proxy, forged": "failed", "webhook, forged": "failed" });
    expect(findings[2]).toMatchObject({ toDo: expect.stringContaining("off the network") as string });
  });

  it.each([
    ["a page of somebody else's", 404],
    ["a redirect, which Shopify would not follow", 302],
    ["a proxy with nothing behind it", 502],
  ])("finds %s at the address", async (_what, status) => {
    const findings = await look({ appUrl: await answering(status, { Location: `${house.url}/health` }) });
    expect(findings.map(({ state }) => state)).toEqual(["failed", "failed", "failed", "failed", "failed"]);
  });

  it("finds an app without its database", async () => {
    const [health] = await look({ appUrl: await answering(503) });
    expect(health).toMatchObject({ state: "failed", toDo: expect.stringContaining("database") as string });
  });
});
