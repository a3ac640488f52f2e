import type { LoaderFunctionArgs } from "@remix-run/node";
import { describe, expect, it } from "vitest";
import type { House } from "#app/house.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { loader as index } from "./_index.ts";
import { loader as privacyDocument } from "./app.privacy_.$id.ts";
import { loader as home } from "./app._index.tsx";
import { loader as authPages } from "./auth.$.ts";

const shop = "tidewater-paws.myshopify.com";
const appUrl = "https://app.example";
const noonMs = Date.UTC(2026, 10, 24, 12);

type Given = { merchant?: string | null; figures?: () => Promise<unknown> };

function openHouse({ merchant = shop, figures = async () => ({ portraits: 1 }) }: Given = {}) {
  const asked: unknown[][] = [];
  const { log, said } = quietLog();
  const admin = async () => {
    if (merchant === null) throw new Response(null, { status: 401 });
    return { session: { shop: merchant } };
  };
  const house = {
    config: { appUrl, shopify: { apiKey: "key" }, painter: { kind: "preview" } },
    clock: { nowMs: () => noonMs, now: () => new Date(noonMs) },
    log,
    shopify: { authenticate: { admin } },
    usage: {
      since: (...given: unknown[]) => (asked.push(["since", ...given]), figures()),
      newestPortraits: async (...given: unknown[]) => (asked.push(["newest", ...given]), []),
      unpaintedOrders: async (...given: unknown[]) => (asked.push(["unpainted", ...given]), []),
    },
    budgetOf: async (...given: unknown[]) => (asked.push(["budget", ...given]), null),
    privacy: {
      document: async (...given: unknown[]) => {
        asked.push(["document", ...given]);
        return given[1] === "rcp_mine" ? oneText('{"ü":1}') : undefined;
      },
    },
  };
  return { house: house as unknown as House, asked, said };
}

async function* oneText(text: string): AsyncGenerator<string> {
  yield text;
}

const args = (house: House, path: string, params = {}): LoaderFunctionArgs => ({
  request: new Request(`${appUrl}${path}`),
  params,
  context: { house },
});

describe("the home's door", () => {
  it("counts from the UTC day's first millisecond, for the shop of the session only", async () => {
    const { house, asked } = openHouse();
    const data = await home(args(house, "/app?shop=victim.myshopify.com"));
    expect(data).toMatchObject({ shop, drawnByUs: true, nowMs: noonMs });
    expect(asked).toEqual([
      ["budget", shop],
      ["since", shop, Date.UTC(2026, 10, 24)],
      ["newest", shop, 12],
      ["unpainted", shop, { sinceMs: Date.UTC(2026, 9, 25, 12), limit: 20 }],
    ]);
  });

  it("stands when the figures cannot be read, and says so in the log", async () => {
    const { house, said } = openHouse({ figures: async () => Promise.reject(new Error("the records are away")) });
    const data = await home(args(house, "/app"));
    expect(await data.figures).toBeNull();
    expect(await data.portraits).toEqual([]);
    expect(said.map(({ event }) => event)).toEqual(["admin.home_incomplete"]);
  });
});

describe("the privacy documents' door", () => {
  it("gives the shop its own document as a file that nobody keeps", async () => {
    const { house, asked } = openHouse();
    const response = await privacyDocument(args(house, "/app/privacy/rcp_mine", { id: "rcp_mine" }));
    expect(await response.text()).toBe('{"ü":1}');
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="pet-portraits-rcp_mine.json"');
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(asked).toEqual([["document", shop, "rcp_mine"]]);
  });

  it("knows no document of anybody else's", async () => {
    const { house } = openHouse();
    expect((await privacyDocument(args(house, "/app/privacy/x", { id: "rcp_theirs" }))).status).toBe(404);
  });

  it("asks nothing for a visitor who is not proven", async () => {
    const { house, asked } = openHouse({ merchant: null });
    await expect(privacyDocument(args(house, "/x", { id: "rcp_mine" }))).rejects.toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
  });
});

describe("the doors around the admin", () => {
  it("send a shop on to the app with all that Shopify gave, and others to the login", async () => {
    const { house } = openHouse();
    const withShop = index(args(house, `/?shop=${shop}&host=abc&embedded=1`));
    expect(withShop.headers.get("location")).toBe(`/app?shop=${shop}&host=abc&embedded=1`);
    expect(index(args(house, "/")).headers.get("location")).toBe("/auth/login");
  });

  it.each([
    ["callback", "", 404],
    ["session-token", "", 400],
    ["session-token", "?shop=a%0Ab", 400],
    ["session-token", "?shop=evil.example", 400],
    ["exit-iframe", `?shop=${shop}`, 400],
    ["exit-iframe", `?shop=${shop}&exitIframe=https://evil.example/`, 400],
    ["exit-iframe", `?shop=${shop}&exitIframe=//evil.example/`, 400],
    ["exit-iframe", `?shop=${shop}&exitIframe=https://`, 400],
  ])("answer %s%s with %i", async (page, query, status) => {
    const { house } = openHouse();
    const answer = await authPages(args(house, `/auth/${page}${query}`, { "*": page }));
    expect(answer?.status).toBe(status);
  });

  it("let the library answer for its own pages", async () => {
    const { house } = openHouse();
    expect(await authPages(args(house, `/auth/session-token?shop=${shop}`, { "*": "session-token" }))).toBeNull();
    const leave = `/auth/exit-iframe?shop=${shop}&exitIframe=${encodeURIComponent(`/auth?shop=${shop}`)}`;
    expect(await authPages(args(house, leave, { "*": "exit-iframe" }))).toBeNull();
  });
});
