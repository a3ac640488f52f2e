import { readdirSync } from "node:fs";
import type { ServerBuild } from "@remix-run/node";
import type { Remix } from "#app/remix-build.ts";

/**
 * The doors that are resource routes, as Remix's flat-file convention names them (`proxy.portraits_.$id.ts` is
 * `proxy/portraits/:id`), without a build and without pages.
 */
const routes = new URL("../../app/routes/", import.meta.url);

export async function doorsWithoutRemix(): Promise<Remix> {
  const doors: Record<string, unknown> = {};
  for (const file of readdirSync(routes)) {
    if (!/^(proxy|images|webhooks)\..*\.ts$/.test(file) || file.endsWith(".test.ts")) continue;
    const name = file.replace(/\.ts$/, "");
    const path = name
      .split(".")
      .map((part) => part.replace(/_$/, "").replace(/^\$$/, "*").replace(/^\$/, ":"))
      .join("/");
    const module: unknown = await import(/* @vite-ignore */ new URL(file, routes).pathname);
    doors[`routes/${name}`] = { id: `routes/${name}`, path, module };
  }
  const build = { routes: doors } as unknown as ServerBuild;
  return {
    handle: async () => new Response("no pages here", { status: 404 }),
    build: async () => build,
    middleware: (_incoming, _outgoing, next) => next(),
    assetsFolder: null,
    close: async () => undefined,
  };
}
