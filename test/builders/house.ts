import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { ServerBuild } from "@remix-run/node";
import { readConfig, type Config } from "#app/config.server.ts";
import { createFrontDoor, patience } from "#app/front-door.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Log, LogFacts } from "#app/kernel/log.ts";
import type { Remix } from "#app/remix-build.ts";
import { buildHouse, type HouseOptions } from "#app/wiring.server.ts";
import { migrationsFolder, openEmbeddedDatabase } from "./databases.ts";

/**
 * A whole house behind a real HTTP server, for journeys and attacks: the storefront's and webhooks' own doors, the real
 * records, gallery, queue and pixel threads. Remix's pages are left out, so no build is needed. Whatever is slow or paid
 * can be replaced by a part of the test's own.
 */
export type TestHouse = {
  url: string;
  config: Config;
  dataDir: string;
  built: Awaited<ReturnType<typeof buildHouse>>;
  /** Every line that the house said, for proving what it did not say. */
  said: { level: string; event: string; facts: LogFacts }[];
  close(): Promise<void>;
};

export type TestHouseOptions = {
  environment?: Record<string, string>;
  parts?: HouseOptions["parts"];
  clock?: Clock;
  /** Where to work; a folder that goes with the house where it is not given. */
  dataDir?: string;
};

export async function openTestHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "pet-portraits-house-"));
  const config = readConfig({
    SHOPIFY_API_SECRET: testSecret,
    DATA_DIR: dataDir,
    LOG_LEVEL: "silent",
    PORT: "0",
    ...options.environment,
  });
  const said: TestHouse["said"] = [];
  const database = options.parts?.database ?? (config.databaseUrl === null ? await openEmbeddedDatabase() : undefined);
  const built = await buildHouse({
    config,
    log: recordingLog(said),
    migrationsFolder,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    parts: { ...options.parts, ...(database === undefined ? {} : { database }) },
  });
  const app = createFrontDoor({ house: built.house, remix: await doorsWithoutRemix() });
  const server = createServer(patience, getRequestListener(app.fetch, { overrideGlobalObjects: false }) as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await built.close({ timeoutMs: 5_000 });
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  return { url, config, dataDir, built, said, close };
}

export const testSecret = "test-secret";

const doorNames = import.meta.glob([
  "../../app/routes/proxy.*.ts",
  "../../app/routes/images.*.ts",
  "../../app/routes/samples.*.ts",
  "../../app/routes/webhooks.*.ts",
]);

/** The doors as Remix's flat-file convention names them: `proxy.portraits_.$id.ts` is `proxy/portraits/:id`. */
async function doorsWithoutRemix(): Promise<Remix> {
  const routes: Record<string, unknown> = {};
  for (const [file, load] of Object.entries(doorNames)) {
    const name = file.replace(/^.*\/routes\//, "").replace(/\.ts$/, "");
    const path = name
      .split(".")
      .map((part) => part.replace(/_$/, "").replace(/^\$$/, "*").replace(/^\$/, ":"))
      .join("/");
    routes[`routes/${name}`] = { id: `routes/${name}`, path, module: await load() };
  }
  const build = { routes } as unknown as ServerBuild;
  return {
    handle: async () => new Response("no pages here", { status: 404 }),
    build: async () => build,
    middleware: (_incoming, _outgoing, next) => next(),
    assetsFolder: null,
    close: async () => undefined,
  };
}

function recordingLog(said: TestHouse["said"]): Log {
  const at =
    (level: string) =>
    (event: string, facts: LogFacts = {}) =>
      void said.push({ level, event, facts });
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
