import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { readConfig } from "#app/config.server.ts";
import { createFrontDoor, patience } from "#app/front-door.ts";
import type { Log } from "#app/kernel/log.ts";
import { buildHouse } from "#app/wiring.server.ts";
import { doorsWithoutRemix } from "./doors.ts";
import { createQuickPainter, quickRemover } from "./painter.ts";

/**
 * A house in a process of its own, for what only two processes or a kill can show: `node test/builders/house-process.ts`
 * with the app's own environment, and `PAINTING_TAKES_MS` for the quick painter. It prints one line of JSON when it
 * listens, and one for everything that it logs as an error; on SIGUSR2 it tells how much memory it has taken at most.
 */
const tell = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);
/** A signature or a token in a log line is a key under the mat. */
const watched = (event: string, facts: object = {}) => {
  const line = JSON.stringify({ event, ...facts });
  if (/signature|session=|v1\.ses_|\?/.test(line)) tell({ leak: line });
};
const log: Log = {
  info: watched,
  warn: watched,
  error: (event, facts) =>
    tell({ error: event, facts: String((facts?.error as Error | undefined)?.stack ?? JSON.stringify(facts)) }),
};

const config = readConfig(process.env);
const painter = createQuickPainter({ takesMs: Number(process.env.PAINTING_TAKES_MS ?? 0) });
const migrationsFolder = new URL("../../prisma/migrations", import.meta.url).pathname;
const built = await buildHouse({
  config,
  log,
  migrationsFolder,
  parts: { painters: [painter], remover: quickRemover },
});
const app = createFrontDoor({ house: built.house, remix: await doorsWithoutRemix() });
const server = createServer(patience, getRequestListener(app.fetch, { overrideGlobalObjects: false }) as never);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

let mostBytes = 0;
setInterval(() => (mostBytes = Math.max(mostBytes, process.memoryUsage.rss())), 100).unref();
process.on("SIGUSR2", () => tell({ mostBytes, painterCalls: painter.calls.length }));
process.on("SIGTERM", () => {
  server.closeAllConnections();
  server.close();
  void built.close({ timeoutMs: 3_000 }).then(() => process.exit(0));
});
