import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";
import { freePort } from "#test/builders/free-port.ts";
import { findChromium } from "./chromium.ts";

/**
 * What `npm run preview` starts, once for all browser tests, on free ports and a folder of its own. The quotas that would
 * stand between the tests (they all come from one address) are raised; the daily ones are as they are.
 */
declare module "vitest" {
  interface ProvidedContext {
    preview: { appUrl: string; shopUrl: string } | null;
  }
}

const root = new URL("../..", import.meta.url).pathname;

export default async function startForBrowser(project: TestProject): Promise<() => Promise<void>> {
  if (findChromium() === undefined) {
    project.provide("preview", null);
    return async () => undefined;
  }
  const dataDir = mkdtempSync(join(tmpdir(), "pet-portraits-browser-"));
  const child = spawn(process.execPath, [join(root, "test/shopify/preview.ts")], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      NODE_ENV: "development",
      PORT: String(await freePort()),
      SHOP_PORT: String(await freePort()),
      DATA_DIR: dataDir,
      LOG_LEVEL: "warn",
      QUOTA_BURST: "1000",
      QUOTA_ADDRESS_PER_DAY: "1000",
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for await (const line of createInterface(child.stdout)) {
    const [, appUrl, shopUrl] = /^ready (\S+) (\S+)$/.exec(line) ?? [];
    if (appUrl === undefined || shopUrl === undefined) continue;
    project.provide("preview", { appUrl, shopUrl });
    break;
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error(`the preview ended with code ${child.exitCode} before it was ready`);
  return async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
}
