import { serveStatic } from "@hono/node-server/serve-static";
import type { ActionFunctionArgs, ServerBuild } from "@remix-run/node";
import { Hono, type Context } from "hono";
import type { House } from "#app/house.ts";
import { withOwnBody } from "#app/http/request-body.ts";
import { errorResponse } from "#app/http/respond.ts";
import type { Remix } from "#app/remix-build.ts";

/**
 * What stands in front of Remix: health, the doors of the storefront API and of webhooks, portraits' pictures, browser
 * files. The doors are Remix resource routes taken out of its build and called directly with the same house: the same
 * functions, without what Remix's handler costs around them. Paths are logged and queries never are: they carry signatures.
 */
export function createFrontDoor({ house, remix }: { house: House; remix: Remix }): Hono {
  const app = new Hono();
  app.use(logged(house));
  app.get("/health", async (c) => {
    const ready = await house.isReady();
    return ready ? c.json({ status: "ok" }) : c.json({ status: "unavailable" }, 503, comeAgain);
  });
  const callDoor = createDoorCaller({ house, remix });
  for (const path of ["/proxy", "/proxy/*", "/images/*", "/webhooks/*"]) {
    app.all(path, callDoor);
  }
  app.use(
    "/samples/*",
    forADay,
    serveStatic({ root: samplesFolder, rewriteRequestPath: (path) => path.replace(/^\/samples/, "") }),
  );
  if (remix.assetsFolder !== null) app.use("/assets/*", immutable, serveStatic({ root: remix.assetsFolder }));
  app.all("*", async (c) => {
    if (tooLarge(c)) return c.body(null, 413);
    const page = await remix.handle(c.req.raw, { house });
    // Remix has one answer for whatever a page throws; without the records none of them can be made.
    return page.status === 500 && !(await house.isReady())
      ? c.text("Please try again in a moment.", 503, comeAgain)
      : page;
  });
  app.onError((error) => errorResponse(error, { log: house.log, nowMs: house.clock.nowMs() }));
  return app;
}

const comeAgain = { "Retry-After": "5", "Cache-Control": "no-store" };

/**
 * How long a sender may take for the head of a request and for all of it, milliseconds; then the socket is closed. An idle
 * connection is kept for longer than Google's front end keeps it (600 s): whoever closes first must not be us, or the
 * request that is just being sent is lost.
 */
export const patience = Object.freeze({ headersTimeout: 20_000, requestTimeout: 120_000, keepAliveTimeout: 620_000 });

type Door = (args: ActionFunctionArgs) => Promise<Response>;
type DoorTable = { pattern: string; read: Door | undefined; write: Door | undefined }[];

/** Finds doors in Remix's build. The table is made once for a build; in dev every change brings a new one. */
function createDoorCaller({ house, remix }: { house: House; remix: Remix }) {
  let table: DoorTable = [];
  let tableOf: ServerBuild | undefined;

  return async (c: Context): Promise<Response> => {
    const build = await remix.build();
    if (build !== tableOf) [table, tableOf] = [doorsOf(build), build];
    const path = c.req.path.replace(/^\/+/, "");
    const reads = c.req.method === "GET" || c.req.method === "HEAD";
    for (const { pattern, read, write } of table) {
      const params = matchPath(pattern, path);
      const door = reads ? read : write;
      if (params === undefined || door === undefined) continue;
      const response = await door({ request: withOwnBody(c), params, context: { house } });
      return c.req.method === "HEAD" ? new Response(null, response) : response;
    }
    return c.body(null, 404);
  };
}

/** The catch-all comes last, so that it answers what no other door does, and methods that a door does not know. */
function doorsOf({ routes }: ServerBuild): DoorTable {
  const doors = Object.values(routes).flatMap((route) =>
    route?.path === undefined
      ? []
      : [
          {
            pattern: route.path,
            read: route.module.loader as Door | undefined,
            write: route.module.action as Door | undefined,
          },
        ],
  );
  return doors.sort((a, b) => Number(a.pattern.includes("*")) - Number(b.pattern.includes("*")));
}

/** Ids and tokens are made by us; what looks like nothing of ours is at no address, and never comes to the records. */
const ourName = /^[A-Za-z0-9_-]{1,64}$/;

/** The few forms of path that the doors have: fixed parts, `:name` and a `*` at the end. */
export function matchPath(pattern: string | undefined, path: string): Record<string, string> | undefined {
  if (pattern === undefined) return undefined;
  const wanted = pattern.split("/");
  const given = path.split("/");
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part === "*") return { ...params, "*": given.slice(index).join("/") };
    const value = given[index];
    if (value === undefined) return undefined;
    const isName = part.startsWith(":");
    if (isName ? !ourName.test(value) : part !== value) return undefined;
    if (isName) params[part.slice(1)] = value;
  }
  return wanted.length === given.length ? params : undefined;
}

/** Admin forms are small; photos and webhooks have doors of their own that count as they read. */
const largestBodyBytes = 2_000_000;

function tooLarge(c: Context): boolean {
  return Number(c.req.header("Content-Length") ?? 0) > largestBodyBytes;
}

/** One picture a style, shown before anything is painted. */
const samplesFolder = new URL("./styles/samples", import.meta.url).pathname;

const forADay = async (c: Context, next: () => Promise<void>) => {
  await next();
  if (c.res.ok) c.res.headers.set("Cache-Control", "public, max-age=86400");
  c.res.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
};

const immutable = async (c: Context, next: () => Promise<void>) => {
  await next();
  if (c.res.ok) c.res.headers.set("Cache-Control", "public, max-age=31536000, immutable");
};

function logged(house: House) {
  return async (c: Context, next: () => Promise<void>) => {
    const startedMs = performance.now();
    await next();
    if (c.req.path === "/health") return;
    house.log.info("request", {
      method: c.req.method,
      path: pathToTell(c.req.path),
      status: c.res.status,
      ms: Math.round(performance.now() - startedMs),
    });
  };
}

/** Who reads an image's token can see the image, and whoever calls can make a path as long as they like. */
const pathToTell = (path: string): string => path.replace(/^\/images\/.*/s, "/images/:token").slice(0, 200);
