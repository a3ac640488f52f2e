import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { readConfig, type Config } from "#app/config.server.ts";
import { createFrontDoor, patience } from "#app/front-door.ts";
import type { LoopWatch } from "#app/http/loop-delay.ts";
import type { Clock } from "#app/kernel/clock.ts";
import type { Log, LogFacts } from "#app/kernel/log.ts";
import { buildHouse, type HouseOptions } from "#app/wiring.server.ts";
import { builtDoors } from "./built-doors.ts";
import { migrationsFolder, openEmbeddedDatabase } from "./databases.ts";
import { testSecret } from "./storefront.ts";

/**
 * A whole house behind a real HTTP server, for journeys and attacks: the storefront's and webhooks' own doors, the real
 * records, gallery, queue and pixel threads. The doors are those of the build, as the app is run; pages are left out. Whatever
 * is slow or paid can be replaced by a part of the test's own.
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
  /**
   * Whether it turns new work away while its process cannot keep up. Its shoppers, its database and its provider share that
   * process here, so on a slow machine it would be late for what the test does and not for what the house does.
   */
  shedsWhenLate?: boolean;
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
  const loop = options.shedsWhenLate === true ? {} : { loop: neverLate };
  const built = await buildHouse({
    config,
    log: recordingLog(said),
    migrationsFolder,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    parts: { ...loop, ...options.parts, ...(database === undefined ? {} : { database }) },
  });
  const app = createFrontDoor({ house: built.house, remix: await builtDoors() });
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

const neverLate: LoopWatch = { isLate: () => false, stop: () => undefined };

function recordingLog(said: TestHouse["said"]): Log {
  const at =
    (level: string) =>
    (event: string, facts: LogFacts = {}) =>
      void said.push({ level, event, facts });
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
