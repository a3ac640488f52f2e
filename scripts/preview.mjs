import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureBuild, ensureDependencies, ownNode, root } from "./setup.mjs";

/**
 * `npm run preview`: makes the clone ready, then hands over to the project's own Node, where the app and the local Shopify
 * run together. Signals go on to them, and their end is ours. (package.json says `exec`, or npm's SIGTERM would end the
 * shell in between and leave us behind.)
 */
ensureDependencies();
ensureBuild();

const child = spawn(ownNode, [join(root, "test/shopify/preview.ts"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit", "ipc"],
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
  process.on(signal, () => child.kill(signal === "SIGHUP" ? "SIGTERM" : signal));
// A parent that was killed outright tells nobody; its children must not stay behind.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
