import { describe, expect, it } from "vitest";
import type { House } from "#app/house.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { createFrontDoor, matchPath } from "./front-door.ts";

describe("a door's path", () => {
  it.each([
    ["proxy/session", "proxy/session", {}],
    ["proxy/portraits/:id", "proxy/portraits/por_1", { id: "por_1" }],
    ["proxy/*", "proxy/a/b", { "*": "a/b" }],
    ["images/:token", "images/img_1", { token: "img_1" }],
  ])("%s is met by /%s", (pattern, path, params) => expect(matchPath(pattern, path)).toEqual(params));

  it.each([
    ["proxy/session", "proxy/session/more"],
    ["proxy/session", "proxy"],
    ["proxy/portraits/:id", "proxy/portraits"],
    ["proxy/portraits/:id", "proxy/portraits/a/b"],
    [undefined, "proxy"],
  ])("%s is not met by /%s", (pattern, path) => expect(matchPath(pattern, path)).toBeUndefined());
});

describe("a page that Remix could not make", () => {
  const ask = async ({ isReady, status }: { isReady: boolean; status: number }) => {
    const house = { isReady: async () => isReady, log: quietLog().log } as unknown as House;
    const remix = { handle: async () => new Response("said by Remix", { status }), assetsFolder: null };
    return createFrontDoor({ house, remix: remix as never }).request("/app");
  };

  it("is 503 while the records are away", async () => {
    const answer = await ask({ isReady: false, status: 500 });
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "5"]);
  });

  it("is what Remix says otherwise", async () => {
    for (const [isReady, status] of [
      [true, 500],
      [false, 200],
      [false, 404],
    ] as const) {
      const answer = await ask({ isReady, status });
      expect([answer.status, await answer.text()]).toEqual([status, "said by Remix"]);
    }
  });
});
