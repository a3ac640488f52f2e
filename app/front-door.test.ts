import { describe, expect, it } from "vitest";
import { matchPath } from "./front-door.ts";

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
