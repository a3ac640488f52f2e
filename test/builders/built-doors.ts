import type { ServerBuild } from "@remix-run/node";
import type { Remix } from "#app/remix-build.ts";

/**
 * The doors that the app is run with: those of Remix's bundle, which has copies of its own of all that doors and services
 * share. Pages are left out. `fresh-build.ts` sees to it that the bundle is of today's sources.
 */
export async function builtDoors(): Promise<Remix> {
  const built = new URL("../../build/server/index.js", import.meta.url);
  const build = (await import(/* @vite-ignore */ built.href)) as ServerBuild;
  return {
    handle: async () => new Response("no pages here", { status: 404 }),
    build: async () => build,
    middleware: (_incoming, _outgoing, next) => next(),
    assetsFolder: null,
    close: async () => undefined,
  };
}
