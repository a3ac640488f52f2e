import { existsSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createRequestHandler, type RequestHandler, type ServerBuild } from "@remix-run/node";
import type { Config } from "#app/config.server.ts";

/**
 * Remix as the server sees it: the built one, or Vite in this process for `npm run dev`, where a change to a page or a
 * door is live at the next request.
 */
export type Remix = {
  handle: RequestHandler;
  /** The build as it is now. The storefront's doors are called out of it, so both ways lead to the same function. */
  build(): Promise<ServerBuild>;
  /** Serves Vite's own modules in dev; passes everything on otherwise. */
  middleware(incoming: IncomingMessage, outgoing: ServerResponse, next: () => void): void;
  /** The folder of built browser files, or null in dev. */
  assetsFolder: string | null;
  close(): Promise<void>;
};

const builtServer = new URL("../build/server/index.js", import.meta.url);

export async function loadRemix({ config, server }: { config: Config; server: Server }): Promise<Remix> {
  return config.devServer ? loadFromVite(server) : loadBuilt(config);
}

async function loadBuilt(config: Config): Promise<Remix> {
  if (!existsSync(builtServer)) throw new Error("There is no build yet: run `npm run build` first.");
  const build = (await import(builtServer.href)) as ServerBuild;
  return {
    handle: createRequestHandler(build, config.production ? "production" : "development"),
    build: async () => build,
    middleware: (_incoming, _outgoing, next) => next(),
    assetsFolder: new URL("../build/client", import.meta.url).pathname,
    close: async () => undefined,
  };
}

async function loadFromVite(server: Server): Promise<Remix> {
  const { createServer: createVite } = await import("vite");
  const vite = await createVite({
    appType: "custom",
    server: { middlewareMode: true, hmr: { server }, allowedHosts: true },
  });
  const build = () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>;
  return {
    handle: createRequestHandler(build, "development"),
    build,
    middleware: (incoming, outgoing, next) => vite.middlewares(incoming, outgoing, next),
    assetsFolder: null,
    close: () => vite.close(),
  };
}
