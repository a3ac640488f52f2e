import { ensureDependencies, ensureTestPrograms, ownNode, root, say } from "./setup.mjs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** `npm test`: makes the clone ready, finds or installs what the tests need, and runs everything that CI runs. */
ensureDependencies();
for (const missing of ensureTestPrograms()) say(missing);

const path = [join(root, "node_modules/.bin"), process.env.PATH].join(process.platform === "win32" ? ";" : ":");
const { status } = spawnSync(ownNode, [join(root, "scripts/validate.mjs")], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: path },
});
process.exit(status ?? 1);
