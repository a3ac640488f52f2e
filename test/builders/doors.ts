import { existsSync, readdirSync } from "node:fs";
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
  return withDoors({ routes: doors } as unknown as ServerBuild);
}

const built = new URL("../../build/server/index.js", import.meta.url);

export const isBuilt = existsSync(built);

/** The doors that the app is run with: those of Remix's bundle, with its own copies of all that they import. */
export async function doorsOfTheBuild(): Promise<Remix> {
  return withDoors((await import(/* @vite-ignore */ built.href)) as ServerBuild);
}

function withDoors(build: ServerBuild): Remix {
  return {
    handle: async () => new Response("no pages here", { status: 404 }),
    build: async () => build,
    middleware: (_incoming, _outgoing, next) => next(),
    assetsFolder: null,
    close: async () => undefined,
  };
}
