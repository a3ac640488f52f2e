import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { readConfig } from "#app/config.server.ts";
import { createFrontDoor, patience } from "#app/front-door.ts";
import { systemClock, type Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import { createShutdown } from "#app/shutdown.ts";
import { buildHouse } from "#app/wiring.server.ts";
import { builtDoors } from "./built-doors.ts";
import { createKillSwitch, isKillPoint } from "./kill-points.ts";
import { createQuickPainter, quickRemover } from "./painter.ts";

/**
 * A house in a process of its own, for what only two processes or a kill can show: `node test/builders/house-process.ts`
 * with the app's own environment. It paints with the quick painter (`PAINTING_TAKES_MS`) unless `PAINTER` is gemini, and
 * `CLOCK_AHEAD_MS` lets it live in the future. It prints one line of JSON when it listens, and one for everything that it
 * logs as an error; on SIGUSR2 it tells how much memory it has taken at most. The message `{ killAt }` arms a kill point.
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
const aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const clock: Clock = {
  nowMs: () => systemClock.nowMs() + aheadMs,
  now: () => new Date(systemClock.nowMs() + aheadMs),
};
const killSwitch = createKillSwitch();
const built = await buildHouse({
  config,
  log,
  clock,
  migrationsFolder,
  parts: { remover: quickRemover, ...(config.painter.kind === "gemini" ? {} : { painters: [painter] }) },
  around: killSwitch.around,
});
const app = createFrontDoor({ house: built.house, remix: await builtDoors() });
const server = createServer(patience, getRequestListener(app.fetch, { overrideGlobalObjects: false }) as never);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

let mostBytes = 0;
setInterval(() => (mostBytes = Math.max(mostBytes, process.memoryUsage.rss())), 100).unref();
process.on("SIGUSR2", () => tell({ mostBytes, painterCalls: painter.calls.length }));
process.on("message", (said: { killAt?: unknown }) => {
  if (!isKillPoint(said.killAt)) throw new Error(`there is no kill point ${String(said.killAt)}`);
  killSwitch.arm(said.killAt);
  process.send?.("armed");
});
const stop = createShutdown({ server, built, log, exit: (code) => process.exit(code) });
process.on("SIGTERM", () => void stop("SIGTERM"));
// The tests that started it are gone.
process.on("disconnect", () => process.exit(1));
