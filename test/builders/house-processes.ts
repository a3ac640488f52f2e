import { spawn, type ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import type { KillPoint } from "./kill-points.ts";
import { testSecret } from "./storefront.ts";

/** Starts houses in processes of their own. */
export type HouseProcess = {
  url: string;
  child: ChildProcess;
  /** What it logged as an error, and what it told on SIGUSR2. */
  told: Record<string, unknown>[];
  /** The next step at that point is its last. */
  dieAt(point: KillPoint): Promise<void>;
  /** Resolves when it has ended, with the code it ended with; null where it was killed. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
};

const entry = new URL("./house-process.ts", import.meta.url).pathname;

export async function startHouseProcess(environment: Record<string, string>): Promise<HouseProcess> {
  const child = spawn(process.execPath, [entry], {
    // A process of the tests' own, in development, whatever this one runs in.
    env: { NODE_ENV: "test", SHOPIFY_API_SECRET: testSecret, PORT: "0", LOG_LEVEL: "silent", ...environment },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const told: Record<string, unknown>[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the house ended with ${code}`)));
    createInterface({ input: child.stdout as Readable }).on("line", (line) => {
      const said = JSON.parse(line) as Record<string, unknown>;
      if (typeof said.url === "string") resolve(said.url);
      else told.push(said);
    });
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const dieAt = async (killAt: KillPoint) => {
    const armed = new Promise((resolve) => child.once("message", resolve));
    child.send({ killAt });
    await armed;
  };
  return { url, child, told, dieAt, ended, stop };
}
