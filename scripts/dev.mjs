import { spawn } from "node:child_process";
import { ensureDependencies, ownNode, root } from "./setup.mjs";

/**
 * `npm run dev`, which `shopify app dev` calls: Vite in the app's own process. Pages and doors are live at once; what the
 * server loads itself makes it start again. Not `--watch`: Vite writes into node_modules and the watcher would see it.
 */
ensureDependencies();
const watched = [
  "server.ts",
  "wiring.server.ts",
  "front-door.ts",
  "config.server.ts",
  "adapters",
  "portraits",
  "photos",
  "quota",
  "ledger",
  "gallery",
  "privacy",
];
const child = spawn(ownNode, [...watched.map((path) => `--watch-path=app/${path}`), "app/server.ts"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, DEV_SERVER: "1" },
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 0));
