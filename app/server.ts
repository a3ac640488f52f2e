import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createPinoLog } from "#app/adapters/pino/pino-log.ts";
import { ConfigError, readConfig, type Config } from "#app/config.server.ts";
import type { Log } from "#app/kernel/log.ts";
import { createFrontDoor, patience } from "#app/front-door.ts";
import { loadRemix } from "#app/remix-build.ts";
import { createShutdown } from "#app/shutdown.ts";
import { buildHouse } from "#app/wiring.server.ts";

/** The process: one house, Hono in front, Remix behind. It stops on SIGTERM, and when the process that started it is gone. */
const migrationsFolder = new URL("../prisma/migrations", import.meta.url).pathname;

async function start(config: Config, log: Log): Promise<void> {
  const built = await buildHouse({ config, log, migrationsFolder });
  const server = createServer(patience);
  const remix = await loadRemix({ config, server });
  const app = createFrontDoor({ house: built.house, remix });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void listener(incoming, outgoing);
  server.on("request", (incoming, outgoing) => remix.middleware(incoming, outgoing, () => answer(incoming, outgoing)));
  await listen(server, config);
  stopWhenTold(createShutdown({ server, built, log, closeOthers: remix.close, exit: (code) => process.exit(code) }));
  log.info("listening", {
    address: config.appUrl,
    painter: config.painter.kind,
    database: config.databaseUrl === null ? "embedded" : "server",
  });
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

/** Vite's own handlers would end the process at once. */
function stopWhenTold(stop: (reason: string) => Promise<void>): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => void stop(signal));
  }
  process.on("disconnect", () => void stop("the starting process is gone"));
}

try {
  const config = readConfig(process.env);
  const log = createPinoLog(config.log);
  process.on("unhandledRejection", (error) => log.error("unhandled rejection", { error }));
  await start(config, log);
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exit(1);
}
